using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Syntax;

public class WasmReaderTests
{
    private delegate T Read<T>(ref WasmReader reader);

    [Theory]
    [InlineData(0u, new byte[] { 0x00 })]
    [InlineData(127u, new byte[] { 0x7F })]
    [InlineData(624485u, new byte[] { 0xE5, 0x8E, 0x26 })]
    [InlineData(uint.MaxValue, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    [InlineData(3u, new byte[] { 0x83, 0x80, 0x80, 0x80, 0x00 })]
    public void ReadU32_ValidBytes_AreTheNumber(uint expected, byte[] bytes) => Assert.Equal(expected, All(bytes, (ref WasmReader reader) => reader.ReadU32()));

    [Theory]
    [InlineData(0, new byte[] { 0x00 })]
    [InlineData(63, new byte[] { 0x3F })]
    [InlineData(-64, new byte[] { 0x40 })]
    [InlineData(-1, new byte[] { 0x7F })]
    [InlineData(-123456, new byte[] { 0xC0, 0xBB, 0x78 })]
    [InlineData(int.MinValue, new byte[] { 0x80, 0x80, 0x80, 0x80, 0x78 })]
    [InlineData(int.MaxValue, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 })]
    [InlineData(-1, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    public void ReadS32_ValidBytes_AreTheNumber(int expected, byte[] bytes) => Assert.Equal(expected, All(bytes, (ref WasmReader reader) => reader.ReadS32()));

    [Theory]
    [InlineData(long.MinValue, new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F })]
    [InlineData(long.MaxValue, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 })]
    [InlineData(-2L, new byte[] { 0x7E })]
    public void ReadS64_ValidBytes_AreTheNumber(long expected, byte[] bytes) => Assert.Equal(expected, All(bytes, (ref WasmReader reader) => reader.ReadS64()));

    [Fact]
    public void ReadU64_LargestNumber_TakesTenBytes() =>
        Assert.Equal(ulong.MaxValue, All([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], (ref WasmReader reader) => reader.ReadU64()));

    [Theory]
    [InlineData("integer too large", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x1F })]
    [InlineData("integer representation too long", new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    [InlineData("unexpected end", new byte[] { 0x80 })]
    [InlineData("unexpected end", new byte[0])]
    public void ReadU32_InvalidBytes_SaysTheSpecificationsWords(string words, byte[] bytes)
    {
        var fault = Assert.Throws<MalformedModuleException>(() => All(bytes, (ref WasmReader reader) => reader.ReadU32()));
        Assert.StartsWith(words, fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x08 })]
    public void ReadS32_BitsThatDoNotRepeatTheSign_AreTooLarge(byte[] bytes) =>
        Assert.Equal("integer too large", Assert.Throws<MalformedModuleException>(() => All(bytes, (ref WasmReader reader) => reader.ReadS32())).Reason);

    [Theory]
    [InlineData("", new byte[] { 0 })]
    [InlineData("𝄞é", new byte[] { 6, 0xF0, 0x9D, 0x84, 0x9E, 0xC3, 0xA9 })]
    [InlineData("\uFEFF", new byte[] { 3, 0xEF, 0xBB, 0xBF })]
    public void ReadName_Utf8_IsTheText(string expected, byte[] bytes) => Assert.Equal(expected, All(bytes, (ref WasmReader reader) => reader.ReadName()));

    [Fact]
    public void ReadValueType_TypeIndexBeyondAnyTypeSection_IsInvalid() => Assert.Equal(
        "unknown type 268435455",
        Assert.Throws<InvalidModuleException>(() => All([0x63, 0xFF, 0xFF, 0xFF, 0xFF, 0x00], (ref WasmReader reader) => reader.ReadValueType())).Reason);

    [Theory]
    [InlineData("funcref", new byte[] { 0x70 })]
    [InlineData("(ref 5)", new byte[] { 0x64, 0x05 })]
    [InlineData("(ref null 200)", new byte[] { 0x63, 0xC8, 0x01 })]
    [InlineData("(ref i31)", new byte[] { 0x64, 0x6C })]
    [InlineData("nullexnref", new byte[] { 0x74 })]
    [InlineData("v128", new byte[] { 0x7B })]
    public void ReadValueType_ValidBytes_AreTheType(string expected, byte[] bytes) =>
        Assert.Equal(expected, All(bytes, (ref WasmReader reader) => reader.ReadValueType()).ToString());

    [Fact]
    public void ReadCount_MoreItemsThanBytes_IsRefusedBeforeAnythingIsAllocated() => Assert.Throws<MalformedModuleException>(
        () => All([0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0], (ref WasmReader reader) => reader.ReadCount()));

    // Reads all of the bytes; fails when some are left.
    private static T All<T>(byte[] bytes, Read<T> read)
    {
        var reader = new WasmReader(bytes, 0, bytes.Length);
        var value = read(ref reader);
        Assert.True(reader.AtEnd);
        return value;
    }
}
