using System.Text;
using HostService.Runtime.Binary;
using HostService.Runtime.Syntax;
using HostService.Runtime.Tests.Validation;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Binary;

public class NameSectionTests
{
    [Fact]
    public void Names_OfModuleFunctionsAndLocals_AreFound()
    {
        var names = Names(
            Subsection(0, Name("shop")),
            Subsection(1, Modules.Vector([0, .. Name("add")], [1, .. Name("größe")])),
            Subsection(2, Modules.Vector([[1, .. Modules.Vector([[0, .. Name("left")]])]])));
        Assert.Equal("shop", names.Module);
        Assert.Equal("add", names.Function(new FuncIndex(0)));
        Assert.Equal("größe", names.Function(new FuncIndex(1)));
        Assert.Equal("left", names.Local(new FuncIndex(1), new LocalIndex(0)));
        Assert.Null(names.Local(new FuncIndex(1), new LocalIndex(1)));
        Assert.Null(names.Local(new FuncIndex(0), new LocalIndex(0)));
    }

    [Fact]
    public void Names_NoSection_AreNull()
    {
        var names = new NameSection(ModuleDecoder.Decode(Modules.OneFunction(0x0B), WasmFeatures.None, ModuleLimits.Default));
        Assert.Null(names.Module);
        Assert.Null(names.Function(new FuncIndex(0)));
    }

    [Fact]
    public void Names_BrokenSubsection_LeavesThoseBeforeIt()
    {
        // The map of functions says it has 100 names and has one.
        var names = Names(Subsection(0, Name("shop")), Subsection(1, [100, 0, .. Name("add")]));
        Assert.Equal("shop", names.Module);
        Assert.Null(names.Function(new FuncIndex(0)));
    }

    [Fact]
    public void Names_IndexTwice_TheFirstCounts() =>
        Assert.Equal("one", Names(Subsection(1, Modules.Vector([0, .. Name("one")], [0, .. Name("two")]))).Function(new FuncIndex(0)));

    [Fact]
    public void Names_OfFunctionsThatDoNotExist_AreLeftOut() =>
        Assert.Null(Names(Subsection(1, Modules.Vector([[9, .. Name("ghost")]]))).Function(new FuncIndex(9)));

    [Fact]
    public void Names_InvalidUtf8_IsReplacedAndNoError() =>
        Assert.Equal("a\uFFFD", Names(Subsection(1, Modules.Vector([[0, 2, (byte)'a', 0xFF]]))).Function(new FuncIndex(0)));

    [Fact]
    public void Names_RandomBytes_NeverThrow()
    {
        var random = new Random(20_261);
        for (var i = 0; i < 2_000; i++)
        {
            var garbage = new byte[random.Next(64)];
            random.NextBytes(garbage);
            var names = Names(garbage);
            _ = (names.Module, names.Function(new FuncIndex(0)), names.Local(new FuncIndex(0), new LocalIndex(0)));
        }
    }

    private static NameSection Names(params byte[][] subsections)
    {
        var section = Modules.Section(0, [.. Name("name"), .. subsections.SelectMany(subsection => subsection)]);
        var functions = Modules.Of(Modules.EmptyFuncType, Modules.Section(3, 2, 0, 0), Modules.Code([0, 0x0B], [0, 0x0B]), section);
        return new NameSection(ModuleDecoder.Decode(functions, WasmFeatures.None, ModuleLimits.Default));
    }

    private static byte[] Subsection(byte id, byte[] contents) => Modules.Section(id, contents);

    private static byte[] Name(string name) => Modules.Bytes(Encoding.UTF8.GetBytes(name));
}
