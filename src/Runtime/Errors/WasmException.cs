namespace HostService.Runtime.Errors;

/// <summary>The base of every error that a module, and not the host, is to blame for.</summary>
/// <remarks>There is one child for each assertion of the specification's test suite. Host bugs are never a <see cref="WasmException"/>.</remarks>
public abstract class WasmException : Exception
{
    private protected WasmException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
