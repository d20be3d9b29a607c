using static HostService.Runtime.Hostile.Scenario;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Instances that are costly to make, before any function of theirs runs.</summary>
internal static class ConstantExpressions
{
    private const byte I64 = 0x7E;
    private const byte End = 0x0B;
    private const string TooMuch = "trap AllocationTooLarge";
    private static readonly StoreLimits s_small = new() { MaxHeapBytes = 64 << 20 };
    private static readonly byte[] s_function = [0x60, 0, 0];
    private static readonly byte[] s_newDefault = [0xFB, 1, 0, End];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("20,000 globals, each a structure of 10,000 fields", TooMuch, () => Globals(Struct(10_000), 20_000, s_newDefault)) { Limits = s_small, MaxMegabytes = 512 },
        new("500,000 globals, each a structure of 20 fields", Returns, () => Globals(Struct(20), 500_000, s_newDefault)) { MaxMegabytes = 1_024 },
        new("20,000 elements, each a structure of 10,000 fields", TooMuch, () => Bytes.Module(
            Bytes.Section(1, Bytes.Vector(Struct(10_000), s_function)), Bytes.Section(4, [1, 0x63, 0, 0, .. Bytes.Leb(20_000)]),
            Bytes.Section(9, [1, 6, 0, 0x41, 0, End, 0x63, 0, .. Bytes.Leb(20_000), .. Bytes.Repeat(20_000, s_newDefault)]))) { Limits = s_small, MaxMegabytes = 512 },
        new("elements that are made by a bulk instruction, each a structure of 10,000 fields", TooMuch, () => Bytes.Module(
            Bytes.Section(1, Bytes.Vector(Struct(10_000), s_function)), Bytes.Section(3, 1, 1), Bytes.Section(4, 1, 0x63, 0, 0, 1), Bytes.ExportRun(0),
            Bytes.Section(9, [1, 5, 0x63, 0, .. Bytes.Leb(20_000), .. Bytes.Repeat(20_000, s_newDefault)]),
            Bytes.Section(10, 1, 12, 0, 0x41, 0, 0x41, 0, 0x41, 1, 0xFC, 12, 0, 0, End))) { Limits = s_small, MaxMegabytes = 512 },
        new("globals of fixed arrays of 10,000 numbers", TooMuch, () => Globals(
            [0x5E, I64, 0], 2_000, [.. Bytes.Repeat(10_000, 0x42, 0), 0xFB, 8, 0, .. Bytes.Leb(10_000), End])) { Limits = s_small, MaxMegabytes = 512 },
        new("constant expressions with 10,000,000 fields in all", IsInterrupted, () => Globals(
            Struct(1_000), 10_000, [.. Bytes.Repeat(1_000, 0x42, 0), 0xFB, 0, 0, End])) { IsEndless = true },
        new("one constant expression with 10,000,000 fields", IsInterrupted, () => Globals(
            Struct(1_000), 1, [.. Bytes.Repeat(10_000, [.. Bytes.Repeat(1_000, 0x42, 0), 0xFB, 0, 0]), 0xFB, 8, 2, .. Bytes.Leb(10_000), End], type: 2)) { IsEndless = true },
        new("1,000,000 tags of 1,000 values", Returns, () => Bytes.Module(
            Bytes.Section(1, Bytes.Vector([0x60, .. Bytes.Leb(1_000), .. Bytes.Repeat(1_000, I64), 0])), Bytes.Section(13, [.. Bytes.Leb(1_000_000), .. Bytes.Repeat(1_000_000, 0, 0)]))) { MaxMegabytes = 512 },
    ];

    private static byte[] Struct(int fields) => [0x5F, .. Bytes.Leb(fields), .. Bytes.Repeat(fields, I64, 0)];

    // Type 0 is the one given, type 1 that of functions, type 2 an array of references to anything.
    private static byte[] Globals(byte[] type0, int count, byte[] expression, byte type = 0) => Bytes.Module(
        Bytes.Section(1, Bytes.Vector(type0, s_function, [0x5E, 0x6E, 0])),
        Bytes.Section(6, [.. Bytes.Leb(count), .. Bytes.Repeat(count, [0x64, type, 0, .. expression])]));
}
