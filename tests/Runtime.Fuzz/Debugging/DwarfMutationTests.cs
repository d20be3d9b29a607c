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
        byte[] abbreviations = [1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0x10, 0x17, 0, 0, 2, 0x34, 0, .. attributes, 0, 0, 0];
        byte[] root = [1, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0];
        byte[] unit = [4, 0, 0, 0, 0, 0, 4, .. root, .. Enumerable.Repeat((byte)2, 60_000)];
        byte[] info = [.. BitConverter.GetBytes(unit.Length), .. unit];
        byte[] code = [10, 4, 1, 2, 0, 0x0B];
        byte[] binary = [.. "\0asm"u8, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, .. code, .. Custom(".debug_abbrev", abbreviations), .. Custom(".debug_info", info), .. Custom(".debug_line", [0])];
        var module = Decode(binary);
        var map = DwarfSourceMap.Of(module)!;

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Empty(map.Find(module.CodeSectionOffset + i));
        }

        // 10,000 times all entries would take months.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    // Values at the borders of the format's encodings more often than others.
    private static byte NextByte(Random random) => random.Next(3) switch
    {
        0 => 0xFF,
        1 => (byte)(1 << random.Next(8)),
        _ => (byte)random.Next(256),
    };

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
