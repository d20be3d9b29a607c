namespace HostService.Runtime.Errors;

/// <summary>The module can be read but breaks a rule of validation.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/index.html">Spec: validation</see></remarks>
public sealed class InvalidModuleException : WasmException
{
    internal InvalidModuleException(string reason, long offset, int? functionIndex = null)
        : base(functionIndex is { } index ? $"func[{index}] +0x{offset:x}: {reason}" : $"+0x{offset:x}: {reason}")
        => (Reason, Offset, FunctionIndex) = (reason, offset, functionIndex);

    /// <summary>What is wrong, beginning with the specification's words.</summary>
    public string Reason { get; }

    /// <summary>Where, in bytes from the start of the binary.</summary>
    public long Offset { get; }

    /// <summary>The function whose body breaks the rule, or null when the fault is outside all bodies.</summary>
    public int? FunctionIndex { get; }
}
