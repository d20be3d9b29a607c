using System.Collections.Immutable;
using static HostService.Runtime.Fuzz.Generation.ValType;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>One numeric instruction.</summary>
/// <param name="Code">Its opcode; those above 0xFF have the prefix 0xFC.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Result">What it gives.</param>
/// <param name="Mode">What has to be minded.</param>
internal sealed record NumericOp(int Code, ImmutableArray<ValType> Parameters, ValType Result, NumericMode Mode);

internal enum NumericMode
{
    Plain,

    /// <summary>The bits of a NaN that it gives are the engine's choice.</summary>
    ChoosesNan,

    /// <summary>It gives the same for every NaN.</summary>
    SameForAllNans,

    /// <summary>As <see cref="SameForAllNans"/>, and it traps for many operands.</summary>
    TrappingTruncation,

    /// <summary>It traps for a divisor of zero.</summary>
    Division,
}

/// <summary>All numeric instructions of the first version, sign extension and saturating truncation, written down from the specification.</summary>
/// <remarks>Deliberately not the engine's own table: a mistake in that one must not hide itself.</remarks>
internal static class NumericOps
{
    public static ImmutableArray<NumericOp> All { get; } =
    [
        .. Tests(0x45, I32), .. Comparisons(0x46, I32, 10), .. Tests(0x50, I64), .. Comparisons(0x51, I64, 10),
        .. Comparisons(0x5B, F32, 6), .. Comparisons(0x61, F64, 6),
        .. Integers(0x67, I32), .. Integers(0x79, I64),
        .. Floats(0x8B, F32), .. Floats(0x99, F64),
        .. Conversions(), .. SignExtensions(), .. Saturations(),
    ];

    public static ImmutableArray<NumericOp> Giving(ValType type) => [.. All.Where(op => op.Result == type)];

    private static IEnumerable<NumericOp> Tests(int code, ValType type) => [new(code, [type], I32, NumericMode.Plain)];

    private static IEnumerable<NumericOp> Comparisons(int first, ValType type, int count) =>
        Enumerable.Range(first, count).Select(code => new NumericOp(code, [type, type], I32, type is F32 or F64 ? NumericMode.SameForAllNans : NumericMode.Plain));

    // clz ctz popcnt, then add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr
    private static IEnumerable<NumericOp> Integers(int first, ValType type) => Enumerable.Range(0, 18).Select(i => new NumericOp(
        first + i, i < 3 ? [type] : [type, type], type, i is >= 6 and <= 9 ? NumericMode.Division : NumericMode.Plain));

    // abs neg, then ceil floor trunc nearest sqrt, then add sub mul div min max, then copysign
    private static IEnumerable<NumericOp> Floats(int first, ValType type) => Enumerable.Range(0, 14).Select(i => new NumericOp(
        first + i, i < 7 ? [type] : [type, type], type, i is < 2 or 13 ? NumericMode.Plain : NumericMode.ChoosesNan));

    private static IEnumerable<NumericOp> Conversions() =>
    [
        new(0xA7, [I64], I32, NumericMode.Plain),
        new(0xA8, [F32], I32, NumericMode.TrappingTruncation), new(0xA9, [F32], I32, NumericMode.TrappingTruncation),
        new(0xAA, [F64], I32, NumericMode.TrappingTruncation), new(0xAB, [F64], I32, NumericMode.TrappingTruncation),
        new(0xAC, [I32], I64, NumericMode.Plain), new(0xAD, [I32], I64, NumericMode.Plain),
        new(0xAE, [F32], I64, NumericMode.TrappingTruncation), new(0xAF, [F32], I64, NumericMode.TrappingTruncation),
        new(0xB0, [F64], I64, NumericMode.TrappingTruncation), new(0xB1, [F64], I64, NumericMode.TrappingTruncation),
        new(0xB2, [I32], F32, NumericMode.Plain), new(0xB3, [I32], F32, NumericMode.Plain),
        new(0xB4, [I64], F32, NumericMode.Plain), new(0xB5, [I64], F32, NumericMode.Plain),
        new(0xB6, [F64], F32, NumericMode.ChoosesNan),
        new(0xB7, [I32], F64, NumericMode.Plain), new(0xB8, [I32], F64, NumericMode.Plain),
        new(0xB9, [I64], F64, NumericMode.Plain), new(0xBA, [I64], F64, NumericMode.Plain),
        new(0xBB, [F32], F64, NumericMode.ChoosesNan),
        new(0xBC, [F32], I32, NumericMode.Plain), new(0xBD, [F64], I64, NumericMode.Plain),
        new(0xBE, [I32], F32, NumericMode.Plain), new(0xBF, [I64], F64, NumericMode.Plain),
    ];

    private static IEnumerable<NumericOp> SignExtensions() =>
    [
        new(0xC0, [I32], I32, NumericMode.Plain), new(0xC1, [I32], I32, NumericMode.Plain),
        new(0xC2, [I64], I64, NumericMode.Plain), new(0xC3, [I64], I64, NumericMode.Plain), new(0xC4, [I64], I64, NumericMode.Plain),
    ];

    private static IEnumerable<NumericOp> Saturations() => Enumerable.Range(0, 8).Select(i => new NumericOp(
        0xFC00 + i, [(i & 2) == 0 ? F32 : F64], i < 4 ? I32 : I64, NumericMode.SameForAllNans));
}
