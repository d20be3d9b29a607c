namespace HostService.Runtime.Execution.Code;

/// <summary>A continuation that is not loaded yet: a PE image whose first method takes a function over at the start of a loop.</summary>
/// <param name="Bytes">The image. It may be loaded once.</param>
/// <param name="Function">The function that it continues, counted without the imported ones.</param>
/// <param name="Addresses">Which instruction each of its IL offsets belongs to; as of a module's only function.</param>
internal sealed record ContinuationImage(byte[] Bytes, int Function, AddressMap Addresses);
