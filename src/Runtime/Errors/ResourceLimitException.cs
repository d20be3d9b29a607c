namespace HostService.Runtime.Errors;

/// <summary>A limit of the Store or the Engine leaves no room for what instantiation needs (memory, table elements, pool slots).</summary>
public sealed class ResourceLimitException : WasmException
{
    internal ResourceLimitException(string message)
        : base(message)
    {
    }
}
