using System.Diagnostics;
using HostService.Runtime.Binary;
using HostService.Runtime.Debugging;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Fuzz.Debugging;

/// <summary>Debugging information is a tenant's bytes: whatever is in them, asking for a position answers or finds nothing.</summary>
public sealed class DwarfMutationTests
{
    private const int Mutants = 4_000;
    private const int Offsets = 12;

    [Theory]
    [InlineData("orders-dwarf4.wasm")]
    [InlineData("orders-dwarf5.wasm")]
    public void Find_InMutatedSections_NeverThrows(string file)
    {
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Guests", file));
        var sections = Decode(original).CustomSections.Where(section => section.Name.StartsWith(".debug_", StringComparison.Ordinal)).ToList();
        var (random, found) = (new Random(7), 0);
        for (var i = 0; i < Mutants; i++)
        {
            var mutant = original.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var section = sections[random.Next(sections.Count)];
                mutant[section.Offset + random.Next(section.Length)] = NextByte(random);
            }

            var module = Decode(mutant);
            var map = DwarfSourceMap.Of(module)!;
            for (var j = 0; j < Offsets; j++)
            {
                found += map.Find(module.CodeSectionOffset + (j * module.CodeSectionLength / Offsets)).Length;
            }
        }

        // Most of what is left is still understood.
        Assert.InRange(found, Mutants, int.MaxValue);
    }

    [Fact]
    public void Find_InEntriesThatTakeNoBytes_GivesUpAndStaysCheapAfterwards()
    {
        // An abbreviation with 60,000 attributes whose values take no byte, and 60,000 entries of one byte.
        var attributes = Enumerable.Repeat<byte[]>([0x3F, (byte)DwarfForm.FlagPresent], 60_000).SelectMany(bytes => bytes);
        // The root has no line program, which would be looked at first, and is broken here.
        byte[] abbreviations = [1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0, 0, 2, 0x34, 0, .. attributes, 0, 0, 0];
        byte[] root = [1, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0];
        byte[] unit = [4, 0, 0, 0, 0, 0, 4, .. root, .. Enumerable.Repeat((byte)2, 60_000)];
        var module = ModuleWith(abbreviations, [.. BitConverter.GetBytes(unit.Length), .. unit], []);
        var map = DwarfSourceMap.Of(module)!;

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Empty(map.Find(module.CodeSectionOffset + i));
        }

        // 10,000 times all entries would take months.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void Find_InFunctionsWithLongNames_CopiesABoundedAmountOfText()
    {
        // A function with 63 levels of inlining, all of which point to the same name of 4,000 bytes.
        byte[] shape = [0x03, 0x0E, 0x11, 0x01, 0x12, 0x06, 0, 0];
        byte[] abbreviations = [1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0, 0, 2, 0x2E, 1, .. shape, 3, 0x1D, 1, .. shape, 0];
        byte[] extent = [1, 0, 0, 0, 0xFF, 0xFF, 0, 0];
        byte[] name = [0, 0, 0, 0];
        var inlined = Enumerable.Repeat<byte[]>([3, .. name, .. extent], 63).SelectMany(bytes => bytes);
        byte[] unit = [4, 0, 0, 0, 0, 0, 4, 1, .. extent, 2, .. name, .. extent, .. inlined];
        var module = ModuleWith(abbreviations, [.. BitConverter.GetBytes(unit.Length), .. unit], [.. Enumerable.Repeat((byte)'a', 4_000), 0]);

        var found = DwarfSourceMap.Of(module)!.Find(module.CodeSectionOffset + 2);

        Assert.InRange(found.Sum(position => position.Function?.Length ?? 0), 0, DwarfBudget.MaxTextBytes);
    }

    [Fact]
    public void Find_InUnitsThatShareALargeTable_AllocatesLittle()
    {
        // 200 units without code, whose 20,000 abbreviations would take a hundred megabytes, were they read for each.
        var unused = Enumerable.Repeat<byte[]>([2, 0x34, 0, 0, 0], 20_000).SelectMany(bytes => bytes);
        byte[] abbreviations = [1, 0x11, 0, 0, 0, .. unused, 0];
        var info = Enumerable.Repeat<byte[]>([8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, 1], 200).SelectMany(bytes => bytes);
        var module = ModuleWith(abbreviations, [.. info], []);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(DwarfSourceMap.Of(module)!.Find(module.CodeSectionOffset + 2));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    // Values at the borders of the format's encodings more often than others.
    private static byte NextByte(Random random) => random.Next(3) switch
    {
        0 => 0xFF,
        1 => (byte)(1 << random.Next(8)),
        _ => (byte)random.Next(256),
    };

    private static ModuleSyntax ModuleWith(byte[] abbreviations, byte[] info, byte[] strings)
    {
        byte[] code = [10, 4, 1, 2, 0, 0x0B];
        return Decode([
            .. "\0asm"u8, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, .. code,
            .. Custom(".debug_abbrev", abbreviations), .. Custom(".debug_info", info), .. Custom(".debug_line", [0]), .. Custom(".debug_str", strings),
        ]);
    }

    private static ModuleSyntax Decode(byte[] binary) => ModuleDecoder.Decode(binary, WasmFeatures.None, ModuleLimits.Default);

    private static IEnumerable<byte> Custom(string name, byte[] content)
    {
        byte[] payload = [(byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        return [0, .. Leb(payload.Length), .. payload];
    }

    private static IEnumerable<byte> Leb(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
