using System.Buffers.Binary;
using System.Text;
using HostService.Runtime.Binary;
using HostService.Runtime.Debugging;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Debugging;

/// <summary>Debugging information is linked together from many compilers' units: what is wrong with one hides no other.</summary>
public sealed class BrokenUnitTests
{
    private const byte CompileUnit = 0x11;
    private const byte LowPc = 0x11;
    private const byte HighPc = 0x12;
    private const byte StatementList = 0x10;
    private const byte Ranges = 0x55;
    private const byte Address = 0x01;
    private const byte Data4 = 0x06;
    private const byte SectionOffset = 0x17;

    // A root entry with what follows it, and the abbreviations that it is written in.
    public static TheoryData<string, byte[], byte[]> Units => new()
    {
        { "an unknown abbreviation", [0x7E], [0] },
        { "an unknown form", [1], [1, CompileUnit, 0, LowPc, 0x7F, 0, 0, 0] },
        { "ranges beyond their section", [1, 0xFF, 0xFF, 0xFF, 0x0F], [1, CompileUnit, 0, Ranges, SectionOffset, 0, 0, 0] },
        {
            "all addresses, no lines and no functions", [1, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF, 0x0F, 0x7E],
            [1, CompileUnit, 1, LowPc, Address, HighPc, Data4, StatementList, SectionOffset, 0, 0, 0]
        },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void UnitBeforeTheGuests_IsBroken_ItsPositionsAreFound(string what, byte[] entries, byte[] abbreviations)
    {
        foreach (var dwarf in new[] { 4, 5 })
        {
            var original = OrdersGuest.Binary(dwarf);
            var module = ModuleDecoder.Decode(original, WasmFeatures.None, ModuleLimits.Default);
            var known = DwarfSourceMap.Of(module)!;

            // The guest's own abbreviations stay where they are.
            var ownAbbreviations = Section(original, module, ".debug_abbrev");
            byte[] body = [.. U16(4), .. U32(ownAbbreviations.Length), 4, .. entries];
            var broken = Replace(
                Replace(original, ".debug_info", [.. U32(body.Length), .. body, .. Section(original, module, ".debug_info")]),
                ".debug_abbrev", [.. ownAbbreviations, .. abbreviations]);
            var map = DwarfSourceMap.Of(ModuleDecoder.Decode(broken, WasmFeatures.None, ModuleLimits.Default))!;

            var found = 0;
            for (var offset = module.CodeSectionOffset; offset < module.CodeSectionOffset + module.CodeSectionLength; offset++)
            {
                var positions = known.Find(offset);
                Assert.True(positions.SequenceEqual(map.Find(offset)), $"{what}, version {dwarf}: 0x{offset:x}");
                found += positions.Length;
            }

            Assert.InRange(found, module.CodeSectionLength / 2, int.MaxValue);
        }
    }

    private static byte[] Section(byte[] binary, ModuleSyntax module, string name)
    {
        var section = Assert.Single(module.CustomSections, section => section.Name == name);
        return binary.AsSpan(section.Offset, section.Length).ToArray();
    }

    // The sections come after the code, so its offsets stay what they are.
    private static byte[] Replace(byte[] binary, string name, byte[] content)
    {
        var section = Assert.Single(ModuleDecoder.Decode(binary, WasmFeatures.None, ModuleLimits.Default).CustomSections, section => section.Name == name);
        byte[] payload = [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. content];
        // Ahead of the content: the section's id, its length, the name's length and the name.
        var length = Leb(payload.Length);
        var start = section.Offset - name.Length - 1 - LengthOfLebBefore(binary, section.Offset - name.Length - 1, section.Length + name.Length + 1) - 1;
        return [.. binary[..start], 0, .. length, .. payload, .. binary[(section.Offset + section.Length)..]];
    }

    // Linkers may write more bytes than needed.
    private static int LengthOfLebBefore(byte[] binary, int end, int value)
    {
        for (var bytes = 1; bytes <= 5; bytes++)
        {
            var read = 0L;
            for (var i = 0; i < bytes; i++)
            {
                read |= (long)(binary[end - bytes + i] & 0x7F) << (7 * i);
            }

            if (read == value && binary[end - bytes - 1] == 0)
            {
                return bytes;
            }
        }

        throw new InvalidDataException("The section has no length.");
    }

    private static byte[] Leb(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Leb(value >> 7)];

    private static byte[] U16(ushort value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] U32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
