namespace HostService.Runtime.Wasi.Preview1;

/// <summary>Fills a part of a guest's memory with random bytes.</summary>
/// <param name="destination">Where to put them, at most 64 KiB at a time.</param>
public delegate void WasiRandomSource(Span<byte> destination);
