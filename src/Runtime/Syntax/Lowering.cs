using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace HostService.Runtime.Syntax;

/// <summary>How the compiler turns an instruction into IL, as data: the table knows no compiler.</summary>
internal abstract record Lowering
{
    private Lowering()
    {
    }

    /// <summary>A fixed run of IL instructions without operands; empty for <c>nop</c>.</summary>
    public sealed record Il(ImmutableArray<ILOpCode> Codes) : Lowering;

    /// <summary>A call of a static method of the execution intrinsics, named after the <see cref="Op"/>.</summary>
    public sealed record Call(string Method) : Lowering;

    /// <summary>A load: bounds check, then either IL instructions that read and widen, or an intrinsic that takes the native address.</summary>
    public sealed record LoadFrom(int Bytes, ImmutableArray<ILOpCode> Codes, string? Method) : Lowering;

    /// <summary>A store: bounds check, then either an IL instruction that writes (after <paramref name="Narrow"/>, if any), or an intrinsic.</summary>
    public sealed record StoreTo(int Bytes, ILOpCode Code, ILOpCode? Narrow, string? Method) : Lowering;

    /// <summary>An atomic access: bounds and alignment check, then an intrinsic that takes the native address.</summary>
    public sealed record Atomic(int Bytes, string Method) : Lowering;

    /// <summary>A method of the compiler's own: the code depends on immediates, operand types, or the module.</summary>
    public sealed record Custom : Lowering;

    /// <summary>How many bytes of memory the instruction touches; 0 when it is no plain memory access.</summary>
    public int AccessBytes => this switch
    {
        LoadFrom load => load.Bytes,
        StoreTo store => store.Bytes,
        Atomic atomic => atomic.Bytes,
        _ => 0,
    };
}
