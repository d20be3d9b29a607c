using System.Diagnostics;
using System.Text;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Validation;

/// <summary>Modules made to cost much: each is accepted, or refused with its own error, in time in proportion to its size.</summary>
public class HostileModuleTests
{
    // The slowest takes a second on an idle machine; anything that is not linear would take minutes or longer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Blocks_Nested100000Deep_AreAccepted() => Accepted(OneFunction(
        [.. Repeat(100_000, 0x02, 0x40), .. Repeat(100_000, 0x0B), 0x0B]));

    [Fact]
    public void Blocks_NestedAsDeepAsAFunctionIsLong_AreRefused() => Refused("nested deeper", OneFunction([.. Repeat(3_000_000, 0x02, 0x40), 0x0B]));

    [Fact]
    public void Blocks_ASequenceOf1000000_IsAccepted() => Accepted(OneFunction([.. Repeat(1_000_000, 0x02, 0x40, 0x0B), 0x0B]));

    [Fact]
    public void Operands_100000AtOnce_AreAccepted() => Accepted(OneFunction([.. Repeat(100_000, 0x41, 0), .. Repeat(100_000, 0x1A), 0x0B]));

    [Fact]
    public void Operands_AThousandForEveryTwoBytes_AreRefused() =>
        Refused("operands at once", ThousandResults([.. Repeat(3_000_000, 0x10, 0), 0x0B]));

    [Fact]
    public void Calls_ThatTakeAndGiveAThousand_AreLinear() => Accepted(ThousandResults([0x10, 0, .. Repeat(500_000, 0x10, 1), 0x00, 0x0B]));

    [Fact]
    public void Calls_InUnreachableCode_AreLinear() => Accepted(ThousandResults([0x00, .. Repeat(500_000, 0x10, 1, 0x00), 0x0B]));

    [Fact]
    public void Locals_50000_AreAcceptedAndOneMoreIsNot()
    {
        Accepted(Bodies([[2, .. Modules.Leb(49_999), 0x7E, 1, 0x7F, 0x0B]]));
        Refused("too many locals", Bodies([[2, .. Modules.Leb(50_000), 0x7E, 1, 0x7F, 0x0B]]));
    }

    [Fact]
    public void Locals_50000InEachOf20Functions_AreAcceptedAndOf100000AreNot()
    {
        byte[] body = [1, .. Modules.Leb(50_000), 0x7E, 0x0B];
        Accepted(Bodies([.. Enumerable.Repeat(body, 20)]));
        Refused("too many locals: the functions have 5000000000", Bodies([.. Enumerable.Repeat(body, 100_000)]));
    }

    [Fact]
    public void BranchTable_65520Labels_AreAcceptedAndAMillionAreNot()
    {
        Accepted(OneFunction([0x41, 0, 0x0E, .. Modules.Leb(65_520), .. new byte[65_521], 0x0B]));
        Refused("br_table has 1000000 labels", OneFunction([0x41, 0, 0x0E, .. Modules.Leb(1_000_000), .. new byte[1_000_001], 0x0B]));
    }

    [Fact]
    public void BranchTable_LabelsThatTakeAThousand_IsLinear()
    {
        // Two blocks of equal but not identical types, so that no label is the same as the one before it: 20 tables of 65,520 labels.
        var table = (byte[])[0x41, 0, 0x0E, .. Modules.Leb(65_520), .. Repeat(32_760, 0, 1), 0];
        byte[] body = [0x02, 0, 0x02, 2, .. Repeat(20, [0x10, 0, .. table]), 0x0B, 0x0B, .. Repeat(1_000, 0x1A), 0x00, 0x0B];
        Accepted(ThousandResults(body));
    }

    [Fact]
    public void Function_LargestSize_IsAccepted() => Accepted(OneFunction([.. Repeat(7_654_300, 0x01), 0x0B]));

    [Fact]
    public void Functions_AMillion_AreAccepted() => Accepted(Bodies([.. Enumerable.Repeat<byte[]>([0, 0x0B], 1_000_000)]));

    [Fact]
    public void Types_AMillionAlike_AreAccepted() => Accepted(Types(Modules.Vector([.. Enumerable.Repeat<byte[]>([0x60, 0, 0], 1_000_000)])));

    [Fact]
    public void Types_AMillionDifferent_AreAccepted() => Accepted(Types(Modules.Vector(
        [.. Enumerable.Range(0, 1_000_000).Select(index => (byte[])[0x5E, 0x63, .. Signed(Math.Max(0, index - 1)), 0])])));

    [Fact]
    public void Types_AMillionInOneGroup_AreAccepted() => Accepted(Types(
        [1, 0x4E, .. Modules.Vector([.. Enumerable.Range(0, 1_000_000).Select(index => (byte[])[0x5E, 0x63, .. Signed(999_999 - index), 0])])]));

    [Fact]
    public void Types_MoreThanAMillion_AreRefused() =>
        Refused("1000001", Types(Modules.Vector([.. Enumerable.Repeat<byte[]>([0x60, 0, 0], 1_000_001)])));

    [Fact]
    public void Types_ComparedUpLongChains_AreRefusedInBoundedTime()
    {
        // 64 structures, each below the one before; functions that give a thousand of the last and take a thousand of the first.
        IEnumerable<byte[]> chain = Enumerable.Range(0, 64).Select(index => (byte[])(index == 0 ? [0x50, 0, 0x5F, 0] : [0x50, 1, (byte)(index - 1), 0x5F, 0]));
        var giving = (byte[])[0x60, 0, .. Modules.Leb(1_000), .. Repeat(1_000, 0x63, 63)];
        var taking = (byte[])[0x60, .. Modules.Leb(1_000), .. Repeat(1_000, 0x63, 0), 0];
        byte[] types = Modules.Section(1, Modules.Vector([.. chain, giving, taking, [0x60, 0, 0]]));
        byte[] imports = Modules.Section(2, Modules.Vector([1, (byte)'m', 1, (byte)'g', 0, 64], [1, (byte)'m', 1, (byte)'t', 0, 65]));
        Refused("comparisons of types", Modules.Of(
            types, imports, Modules.Section(3, 1, 66), Modules.Code([[0, .. Repeat(1_000_000, 0x10, 0, 0x10, 1), 0x0B]])));
    }

    [Fact]
    public void DataSegments_100000_AreAccepted() => Accepted(Modules.Of(
        Modules.Section(5, 1, 0, 1), Modules.Section(11, Modules.Vector([.. Enumerable.Repeat<byte[]>([0, 0x41, 0, 0x0B, 1, 7], 100_000)]))));

    [Fact]
    public void Exports_65536OfOneFunction_AreAccepted() => Accepted(Modules.Of(
        Modules.EmptyFuncType,
        Modules.Section(3, 1, 0),
        Modules.Section(7, Modules.Vector([.. Enumerable.Range(0, 65_536).Select(index => (byte[])[4, .. Encoding.ASCII.GetBytes($"{index:x4}"), 0, 0])])),
        Modules.Code([[0, 0x0B]])));

    private static void Accepted(byte[] binary) => Within(binary, expected: null);

    private static void Refused(string words, byte[] binary) => Within(binary, words);

    private static void Within(byte[] binary, string? expected)
    {
        var watch = Stopwatch.StartNew();
        var fault = Record.Exception(() => Modules.Validate(binary));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_patience);
        if (expected is null)
        {
            Assert.Null(fault);
        }
        else
        {
            Assert.Contains(expected, Assert.IsAssignableFrom<ModuleLimitException>(fault).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] OneFunction(byte[] instructions) => Modules.OneFunction(instructions);

    private static byte[] Bodies(IReadOnlyCollection<byte[]> bodies) =>
        Modules.Of(Modules.EmptyFuncType, Modules.Section(3, [.. Modules.Leb(bodies.Count), .. new byte[bodies.Count]]), Modules.Code(bodies));

    private static byte[] Types(byte[] types) => Modules.Of(Modules.Section(1, types));

    // Imports of type 0, which gives a thousand i32, and type 1, which takes and gives a thousand; type 2 is type 0 again;
    // the function is of type 3, [] → [].
    private static byte[] ThousandResults(byte[] body)
    {
        var thousand = (byte[])[.. Modules.Leb(1_000), .. Repeat(1_000, 0x7F)];
        var types = Modules.Section(1, Modules.Vector([0x60, 0, .. thousand], [0x60, .. thousand, .. thousand], [0x60, 0, .. thousand], [0x60, 0, 0]));
        var imports = Modules.Section(2, Modules.Vector([1, (byte)'m', 1, (byte)'g', 0, 0], [1, (byte)'m', 1, (byte)'t', 0, 1]));
        return Modules.Of(types, imports, Modules.Section(3, 1, 3), Modules.Code([[0, .. body]]));
    }

    private static byte[] Repeat(int count, params byte[] bytes)
    {
        var repeated = new byte[count * bytes.Length];
        for (var i = 0; i < count; i++)
        {
            bytes.CopyTo(repeated, i * bytes.Length);
        }

        return repeated;
    }

    // A type index as a signed number that is not negative: unsigned, with a byte more where bit 6 of the last one is set.
    private static byte[] Signed(int value)
    {
        var bytes = Modules.Leb(value);
        return (bytes[^1] & 0x40) == 0 ? bytes : [.. bytes[..^1], (byte)(bytes[^1] | 0x80), 0];
    }
}
