using static HostService.Runtime.Hostile.Scenario;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Few bytes that ask for much: instructions with a thousand operands or fields.</summary>
internal static class WideInstructions
{
    private const byte I32 = 0x7F;
    private const byte Drop = 0x1A;
    private const byte End = 0x0B;

    // Function 0 gives a thousand values, function 1 takes as many.
    private static readonly byte[] s_give = [0x10, 0];
    private static readonly byte[] s_take = [0x10, 1];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("200,000 calls with 1,000 operands", IsTooMuchToCompile, () => Functions([.. Bytes.Repeat(100_000, [.. s_give, .. s_take])])) { MaxMegabytes = 512 },
        new("1,000 structures of 10,000 operands", IsTooMuchToCompile, () => Functions([.. Bytes.Repeat(1_000, [.. Bytes.Repeat(10, s_give), 0xFB, 0, 4, Drop])])) { MaxMegabytes = 512 },
        new("100,000 branches with 1,000 operands", IsTooMuchToCompile, () => Functions(
            [.. s_give, 2, 3, .. Bytes.Repeat(100_000, 0x41, 0, 0x0D, 0), End, .. s_take])) { MaxMegabytes = 512 },
        new("br_table with 30,000 labels of 1,000 operands", IsTooMuchToCompile, () => Functions(
            [.. s_give, .. Bytes.Repeat(30_000, 2, 3), 0x41, 0, 0x0E, .. Bytes.Leb(29_999), .. Enumerable.Range(0, 30_000).SelectMany(Bytes.Leb), .. Bytes.Repeat(30_000, End), .. s_take])) { MaxMegabytes = 1_024 },
        new("100 functions of 2,000 calls with 1,000 operands", "refused ModuleLimitException: the functions need more than", () => Functions(
            [.. Enumerable.Repeat<byte[]>([.. Bytes.Repeat(1_000, [.. s_give, .. s_take])], 100)])) { MaxMegabytes = 512 },
        new("100,000 structures of 10,000 fields in a row", Exhausts, () => Functions([.. Bytes.Repeat(100_000, 0xFB, 1, 4, Drop)])) { MaxMegabytes = 512 },
    ];

    // Types: give, take, run, a block of a thousand values that passes them on, a structure of ten thousand.
    private static byte[] Functions(params byte[][] bodies)
    {
        var thousand = (byte[])[.. Bytes.Leb(1_000), .. Bytes.Repeat(1_000, I32)];
        return Bytes.Module(
            Bytes.Section(1, Bytes.Vector([0x60, 0, .. thousand], [0x60, .. thousand, 0], [0x60, 0, 0], [0x60, .. thousand, .. thousand], [0x5F, .. Bytes.Leb(10_000), .. Bytes.Repeat(10_000, I32, 0)])),
            Bytes.Section(3, Bytes.Vector([[0], [1], .. bodies.Select(_ => (byte[])[2])])),
            Bytes.ExportRun(2),
            Bytes.Section(10, Bytes.Vector([Body(0, End), Body(End), .. bodies.Select(body => Body([.. body, End]))])));
    }

    private static byte[] Body(params byte[] instructions) => [.. Bytes.Leb(instructions.Length + 1), 0, .. instructions];
}
