namespace HostService.Runtime.Compilation.IL;

/// <summary>A method would have more than <see cref="ILWriter.MaxLength"/> bytes of code.</summary>
internal sealed class MethodTooLongException : Exception;
