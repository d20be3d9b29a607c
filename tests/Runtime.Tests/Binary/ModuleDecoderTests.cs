using HostService.Runtime.Binary;
using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;
using HostService.Runtime.Tests.Validation;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Binary;

public class ModuleDecoderTests
{
    [Fact]
    public void Decode_EveryKindOfImport_EntersItsIndexSpace()
    {
        // (import "m" "f" (func)) (import "m" "t" (table 1 funcref)) (import "m" "e" (memory i64 1 2))
        // (import "m" "g" (global (mut f64))) (import "m" "x" (tag))
        var imports = Modules.Section(2, Modules.Vector(
            [1, (byte)'m', 1, (byte)'f', 0, 0],
            [1, (byte)'m', 1, (byte)'t', 1, 0x70, 0, 1],
            [1, (byte)'m', 1, (byte)'e', 2, 5, 1, 2],
            [1, (byte)'m', 1, (byte)'g', 3, 0x7C, 1],
            [1, (byte)'m', 1, (byte)'x', 4, 0, 0]));
        var module = Decode(Modules.Of(Modules.EmptyFuncType, imports));
        Assert.Equal([ExternKind.Func, ExternKind.Table, ExternKind.Memory, ExternKind.Global, ExternKind.Tag], module.Imports.Select(import => import.Kind));
        Assert.All(module.Imports, import => Assert.Equal(0, import.Index));
        Assert.Equal((1, 1, 1), (module.ImportedFunctionCount, module.ImportedTableCount, module.ImportedMemoryCount));
        Assert.Equal((1, 1), (module.ImportedGlobalCount, module.ImportedTagCount));
        Assert.Equal(new MemoryType(new Limits(1, 2), Is64: true), module.Memories[0]);
        Assert.Equal("(global (mut f64))", module.Globals[0].Type.ToString());
    }

    [Fact]
    public void Decode_CodeSection_SaysWhereEachBodyIs()
    {
        var binary = Modules.Of(Modules.EmptyFuncType, Modules.Section(3, 2, 0, 0), Modules.Code([0, 0x0B], [0, 0x01, 0x0B]));
        var module = Decode(binary);
        Assert.Equal(binary.Length - 8, module.CodeSectionOffset);
        Assert.Equal(8, module.CodeSectionLength);
        Assert.Equal([new CodeBody(binary.Length - 6, 2), new CodeBody(binary.Length - 3, 3)], module.Bodies);
    }

    [Fact]
    public void Decode_ConstantExpressions_KnowTheCommonOnes()
    {
        // (global i32 (i32.const -1)) (global funcref (ref.null func)) (global i32 (i32.add (i32.const 1) (i32.const 2)))
        var globals = Modules.Section(6, Modules.Vector(
            [0x7F, 0, 0x41, 0x7F, 0x0B], [0x70, 0, 0xD0, 0x70, 0x0B], [0x7F, 0, 0x41, 1, 0x41, 2, 0x6A, 0x0B]));
        var inits = Array.ConvertAll(Decode(Modules.Of(globals)).Globals, global => global.Init!.Value);
        Assert.Equal((ConstExprKind.I32, ulong.MaxValue), (inits[0].Kind, inits[0].Bits));
        Assert.Equal((ConstExprKind.RefNull, "funcref"), (inits[1].Kind, inits[1].Type.ToString()));
        Assert.Equal((ConstExprKind.General, 6), (inits[2].Kind, inits[2].Length));
    }

    [Fact]
    public void Decode_DataSegments_StayRangesOfTheBinary()
    {
        var data = Modules.Section(11, Modules.Vector([1, 3, 7, 8, 9], [0, 0x41, 4, 0x0B, 2, 5, 6]));
        var binary = Modules.Of(Modules.Section(5, 1, 0, 1), data);
        var module = Decode(binary);
        Assert.Equal([SegmentMode.Passive, SegmentMode.Active], module.DataSegments.Select(segment => segment.Mode));
        Assert.Equal([7, 8, 9], binary.AsSpan(module.DataSegments[0].DataOffset, module.DataSegments[0].DataLength).ToArray());
        Assert.Equal([5, 6], binary.AsSpan(module.DataSegments[1].DataOffset, module.DataSegments[1].DataLength).ToArray());
        Assert.Equal(4ul, module.DataSegments[1].Offset.Bits);
    }

    [Fact]
    public void Decode_Component_SaysSo()
    {
        var fault = Malformed([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0]);
        Assert.Equal(("unknown binary version: this is a component, not a module", 4), (fault.Reason, fault.Offset));
    }

    [Fact]
    public void Decode_SectionOutOfOrder_NamesItAndItsOffset()
    {
        var fault = Malformed(Modules.Of(Modules.Section(5, 0), Modules.EmptyFuncType));
        Assert.Equal(("unexpected content after last section: type section out of order", 11), (fault.Reason, fault.Offset));
    }

    [Fact]
    public void Decode_FaultInABodyAndAfterIt_NamesTheFirst()
    {
        // 0xFF is no instruction; the section after the code has an unknown id.
        var fault = Malformed(Modules.Of(Modules.EmptyFuncType, Modules.Section(3, 1, 0), Modules.Code([[0, 0xFF, 0x0B]]), [0x63, 0]));
        Assert.StartsWith("illegal opcode ff", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // section of 4 GiB
    [InlineData(new byte[] { 1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // 2^32−1 types in 0 bytes
    [InlineData(new byte[] { 2, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // imports
    [InlineData(new byte[] { 9, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // element segments
    [InlineData(new byte[] { 11, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // data segments
    [InlineData(new byte[] { 0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })] // a custom section's name
    public void Decode_LengthsThatLie_AreMalformedAndAllocateLittle(byte[] section)
    {
        var binary = Modules.Of(section);
        Malformed(binary);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Malformed(binary);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Decode_MoreThanALimit_NamesBoth()
    {
        var limits = new ModuleLimits { MaxMemories = 1 };
        var fault = Assert.Throws<ModuleLimitException>(() => ModuleDecoder.Decode(Modules.Of(Modules.Section(5, 2, 0, 1, 0, 1)), WasmFeatures.None, limits));
        Assert.Equal("+0xa: the module has 2 memories; this engine takes at most 1", fault.Message);
    }

    [Fact]
    public void Decode_FunctionBeyondTheLimit_NamesTheFunction()
    {
        var limits = new ModuleLimits { MaxFunctionBytes = 2 };
        var fault = Assert.Throws<ModuleLimitException>(() => ModuleDecoder.Decode(Modules.OneFunction(0x01, 0x0B), WasmFeatures.None, limits));
        Assert.EndsWith("func[0] has 3 bytes; this engine takes at most 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_CustomSections_KeepTheirRanges()
    {
        var binary = Modules.Of(Modules.Section(0, 2, (byte)'h', (byte)'i', 1, 2, 3));
        Assert.Equal([new CustomSection("hi", 13, 3)], Decode(binary).CustomSections);
    }

    private static ModuleSyntax Decode(byte[] binary) => ModuleDecoder.Decode(binary, WasmFeatures.None, ModuleLimits.Default);

    private static MalformedModuleException Malformed(byte[] binary) => Assert.Throws<MalformedModuleException>(() => Decode(binary));
}
