using System.Collections.Immutable;
using static HostService.Runtime.Fuzz.Generation.ValType;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>One vector instruction without memory access.</summary>
/// <param name="Code">Its opcode after the prefix 0xFD.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Result">What it gives.</param>
/// <param name="Lanes">How many lanes its immediate may name; 0 for no immediate.</param>
/// <param name="NanWidth">32 or 64 when it gives floats in which a NaN's bits are the engine's choice; otherwise 0.</param>
internal sealed record VectorOp(int Code, ImmutableArray<ValType> Parameters, ValType Result, int Lanes = 0, int NanWidth = 0);

/// <summary>The vector instructions, written down from the specification; relaxed ones, which may differ between engines, need operands of their own (<c>BodyGen.Relaxed.cs</c>).</summary>
internal static class VectorOps
{
    private static readonly ValType[] s_lanes = [I32, I32, I32, I64, F32, F64];

    /// <summary>Those that give vectors, shuffle and constants aside.</summary>
    public static ImmutableArray<VectorOp> GivingVectors { get; } =
    [
        Binary(14), .. Splats(), .. Replacements(),
        .. Binaries(35, 76), Unary(77), .. Binaries(78, 81), new(82, [V128, V128, V128], V128),
        Nan(94, 32, 1), Nan(95, 64, 1),
        .. Unaries(96, 98), .. Binaries(101, 102), .. Nans(103, 106, 32), .. Shifts(107), .. Binaries(110, 115), Nan(116, 64, 1), Nan(117, 64, 1),
        .. Binaries(118, 121), Nan(122, 64, 1), Binary(123), .. Unaries(124, 127),
        .. Unaries(128, 129), Binary(130), .. Binaries(133, 134), .. Unaries(135, 138), .. Shifts(139), .. Binaries(142, 147), Nan(148, 64, 1), .. Binaries(149, 153), .. Binaries(155, 159),
        .. Unaries(160, 161), .. Unaries(167, 170), .. Shifts(171), Binary(174), Binary(177), .. Binaries(181, 186), .. Binaries(188, 191),
        .. Unaries(192, 193), .. Unaries(199, 202), .. Shifts(203), Binary(206), Binary(209), .. Binaries(213, 223),
        .. Unaries(224, 225), Nan(227, 32, 1), .. Enumerable.Range(228, 6).Select(code => Nan(code, 32, 2)), .. Binaries(234, 235),
        .. Unaries(236, 237), Nan(239, 64, 1), .. Enumerable.Range(240, 6).Select(code => Nan(code, 64, 2)), .. Binaries(246, 247),
        .. Unaries(248, 255),
    ];

    /// <summary>Those that give a number: lanes, and questions about all lanes.</summary>
    public static ImmutableArray<VectorOp> GivingNumbers { get; } =
    [
        new(21, [V128], I32, 16), new(22, [V128], I32, 16), new(24, [V128], I32, 8), new(25, [V128], I32, 8), new(27, [V128], I32, 4),
        new(29, [V128], I64, 2), new(31, [V128], F32, 4), new(33, [V128], F64, 2),
        .. new[] { 83, 99, 100, 131, 132, 163, 164, 195, 196 }.Select(code => new VectorOp(code, [V128], I32)),
    ];

    private static VectorOp Unary(int code) => new(code, [V128], V128);

    private static VectorOp Binary(int code) => new(code, [V128, V128], V128);

    private static VectorOp Nan(int code, int width, int operands) => new(code, [.. Enumerable.Repeat(V128, operands)], V128, NanWidth: width);

    private static IEnumerable<VectorOp> Unaries(int first, int last) => Enumerable.Range(first, last - first + 1).Select(Unary);

    private static IEnumerable<VectorOp> Binaries(int first, int last) => Enumerable.Range(first, last - first + 1).Select(Binary);

    private static IEnumerable<VectorOp> Nans(int first, int last, int width) => Enumerable.Range(first, last - first + 1).Select(code => Nan(code, width, 1));

    // shl shr_s shr_u
    private static IEnumerable<VectorOp> Shifts(int first) => Enumerable.Range(first, 3).Select(code => new VectorOp(code, [V128, I32], V128));

    private static IEnumerable<VectorOp> Splats() => s_lanes.Select((lane, i) => new VectorOp(15 + i, [lane], V128));

    private static IEnumerable<VectorOp> Replacements() =>
    [
        new(23, [V128, I32], V128, 16), new(26, [V128, I32], V128, 8), new(28, [V128, I32], V128, 4),
        new(30, [V128, I64], V128, 2), new(32, [V128, F32], V128, 4), new(34, [V128, F64], V128, 2),
    ];
}
