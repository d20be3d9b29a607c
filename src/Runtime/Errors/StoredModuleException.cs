namespace HostService.Runtime.Errors;

/// <summary>A stored module can't be loaded: it is damaged, or was made by another version or with other options. Compile the binary again.</summary>
/// <remarks>No <see cref="WasmException"/>: a stored module comes from the host, and no guest is to blame.</remarks>
public sealed class StoredModuleException : Exception
{
    internal StoredModuleException(string message)
        : base(message)
    {
    }
}
