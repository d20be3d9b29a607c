namespace HostService.Runtime.Syntax;

/// <summary>How a <see cref="ConstExpr"/> is evaluated.</summary>
internal enum ConstExprKind : byte
{
    /// <summary>By executing its instructions.</summary>
    General,

    /// <summary>It is the <c>i32</c> in <see cref="ConstExpr.Bits"/>, sign-extended.</summary>
    I32,

    /// <summary>It is the <c>i64</c> in <see cref="ConstExpr.Bits"/>.</summary>
    I64,

    /// <summary>It is the <c>f32</c> whose bits are in the low half of <see cref="ConstExpr.Bits"/>.</summary>
    F32,

    /// <summary>It is the <c>f64</c> whose bits are in <see cref="ConstExpr.Bits"/>.</summary>
    F64,

    /// <summary>It is the value of the global whose index is in <see cref="ConstExpr.Bits"/>.</summary>
    GlobalGet,

    /// <summary>It is a reference to the function whose index is in <see cref="ConstExpr.Bits"/>.</summary>
    RefFunc,

    /// <summary>It is the null of the reference type in <see cref="ConstExpr.Type"/>.</summary>
    RefNull,
}

/// <summary>A constant expression: a range of the binary, and for the commonest ones of a single instruction its meaning.</summary>
/// <param name="Offset">Where its first instruction begins, in bytes from the start of the binary.</param>
/// <param name="Length">Its length in bytes, the final <c>end</c> included.</param>
/// <param name="Kind">Whether it is one of the common ones.</param>
/// <param name="Bits">The constant or index, as <paramref name="Kind"/> says.</param>
/// <param name="Type">The reference type of <see cref="ConstExprKind.RefNull"/>.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions">Spec: constant expressions</see></remarks>
internal readonly record struct ConstExpr(int Offset, int Length, ConstExprKind Kind, ulong Bits, ValueType Type)
{
    /// <summary>The address that it is when it is a constant integer, taken as unsigned; null when it depends on the instance.</summary>
    public ulong? ConstantAddress => Kind switch
    {
        ConstExprKind.I32 => (uint)Bits,
        ConstExprKind.I64 => Bits,
        _ => null,
    };

    /// <summary>Where a run of items of this many begins, when that is known now and the whole of it lies within a length.</summary>
    public ulong? PlaceWithin(ulong length, int count) =>
        ConstantAddress is { } start && start <= length && (ulong)count <= length - start ? start : null;

    /// <summary>A reader over its instructions, the final <c>end</c> included.</summary>
    public InstructionReader Read(ReadOnlySpan<byte> binary, WasmFeatures features) => new(binary, Offset, Offset + Length, features);
}
