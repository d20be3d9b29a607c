using static HostService.Runtime.Hostile.Scenario;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Binaries whose lengths, counts and names are not what they say.</summary>
internal static class LyingBinaries
{
    private const string Malformed = "refused MalformedModuleException";
    private static readonly byte[] s_huge = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("empty file", Malformed, () => []),
        new("section longer than the file", Malformed, () => [.. Bytes.Module(), 1, .. s_huge, 1]),
        new("section shorter than its contents", Malformed, () => [.. Bytes.Module(), 1, 3, 1, 0x60, 0, 0]),
        new("section longer than its contents", Malformed, () => [.. Bytes.Module(), 1, 5, 1, 0x60, 0, 0, 0]),
        .. new byte[] { 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13 }.Select(id => new Scenario(
            $"section {id} of 4,294,967,295 entries", "refused", () => [.. Bytes.Module(), id, 5, .. s_huge])),
        .. new byte[] { 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13 }.Select(id => new Scenario(
            $"section {id} of 90,000 entries that are not there", "refused", () => Bytes.Module(Bytes.Section(id, Bytes.Leb(90_000))))),
        new("body of 4,294,967,295 bytes", "refused", () => Bytes.Module(Bytes.EmptyFuncType, Bytes.Section(3, 1, 0), Bytes.Section(10, [1, .. s_huge, 0, 0x0B]))),
        new("4,294,967,295 locals", "refused", () => Bytes.OneFunction([1, .. s_huge, 0x7F, 0x0B])),
        new("locals whose counts overflow together", "refused", () => Bytes.OneFunction([2, .. s_huge, 0x7F, .. s_huge, 0x7F, 0x0B])),
        new("name of 4,294,967,295 bytes", "refused", () => Bytes.Module(Bytes.Section(7, [1, .. s_huge, 0, 0]))),
        new("name section of zeros", Returns, () => WithNames(new byte[1 << 20])),
        new("name section of ones", Returns, () => WithNames(Bytes.Repeat(1 << 20, 0xFF))),
        new("name section of noise", Returns, () => WithNames(Noise(1 << 20))),
        new("name section with 4,294,967,295 names", Returns, () => WithNames([1, 5, .. s_huge])),
        new("name section with names of missing functions", Returns, () => WithNames([1, 8, 1, .. s_huge, 1, 0x78])),
        new("1,000,000 name sections", Returns, () => Bytes.Module(Enumerable.Repeat(Bytes.Section(0, [4, .. "name"u8]), 1_000_000))),
        new("data beyond the memory", "trap OutOfBoundsMemoryAccess", () => Bytes.Module(Bytes.Section(5, 1, 0, 1), Bytes.Section(11, 1, 0, 0x41, 0xFF, 0xFF, 0x03, 0x0B, 2, 1, 2))),
        new("data at −1", "trap OutOfBoundsMemoryAccess", () => Bytes.Module(Bytes.Section(5, 1, 0, 1), Bytes.Section(11, 1, 0, 0x41, 0x7F, 0x0B, 2, 1, 2))),
        new("memory of 4 GiB and a byte at its end", Returns, () => """(module (memory 65536) (data (i32.const -1) "x"))"""),
        new("memory beyond the store's limit", "refused ResourceLimitException", () => "(module (memory 65536) (memory 65536))"),
        new("memory of 16 EiB", "refused", () => "(module (memory i64 0x1000000000000))"),
        new("table of 10,000,000 elements", Returns, () => "(module (table 10000000 funcref))"),
        new("table beyond the store's limit", "refused ResourceLimitException", () => "(module (table 10000001 funcref))"),
        new("elements beyond the table", "trap OutOfBoundsTableAccess", () => "(module (table 1 funcref) (func $f) (elem (i32.const 1) $f))"),
    ];

    private static byte[] WithNames(byte[] contents) => Bytes.Module(
        Bytes.EmptyFuncType, Bytes.Section(3, 1, 0), Bytes.ExportRun(0), Bytes.Section(10, 1, 2, 0, 0x0B), Bytes.Section(0, [4, .. "name"u8, .. contents]));

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
