namespace HostService.Runtime.Errors;

/// <summary>The bytes are no WebAssembly module.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/index.html">Spec: binary format</see></remarks>
public sealed class MalformedModuleException : WasmException
{
    internal MalformedModuleException(string reason, long offset)
        : base($"+0x{offset:x}: {reason}") => (Reason, Offset) = (reason, offset);

    /// <summary>What is wrong, beginning with the specification's words.</summary>
    public string Reason { get; }

    /// <summary>Where, in bytes from the start of the binary.</summary>
    public long Offset { get; }
}
