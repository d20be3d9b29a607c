using HostService.Runtime.Compilation.Functions;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>How loads and stores of one memory find their native address. The one place where bounds are checked. See docs/wasm-to-il.md, section 7.</summary>
internal interface IMemoryAccess
{
    /// <summary>Whether an access out of bounds is left to the processor, so that its place must be found from where it faults.</summary>
    bool Faults { get; }

    /// <summary>Turns the address on the IL stack into a native address, or traps.</summary>
    /// <param name="context">What may be emitted in the function at hand.</param>
    /// <param name="offset">The instruction's offset immediate.</param>
    /// <param name="bytes">How many bytes it touches.</param>
    /// <remarks>IL stack: <c>[int32 or int64] → [native int]</c></remarks>
    void EmitAddress(in FunctionCompiler.MemoryAccessContext context, ulong offset, int bytes);
}
