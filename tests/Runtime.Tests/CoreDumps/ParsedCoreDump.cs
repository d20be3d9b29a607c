using HostService.Runtime.Binary;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.CoreDumps;

/// <summary>A core dump read again: the module that it is by the engine's own decoder, its custom sections here.</summary>
internal sealed class ParsedCoreDump
{
    private readonly byte[] _bytes;

    public ParsedCoreDump(byte[] bytes)
    {
        _bytes = bytes;
        Module = ModuleDecoder.Decode(bytes, WasmFeatures.CustomPageSizes, ModuleLimits.Default);
        Executable = Read("core", (ref WasmReader reader) => Named(ref reader));
        Modules = Read("coremodules", (ref WasmReader reader) => Many(ref reader, Named));
        Instances = Read("coreinstances", (ref WasmReader reader) => Many(ref reader, ReadInstance));
        (Thread, Frames) = Read("corestack", (ref WasmReader reader) => (Named(ref reader), Many(ref reader, ReadFrame)));
    }

    private delegate T Reading<T>(ref WasmReader reader);

    public ModuleSyntax Module { get; }

    public string Executable { get; }

    public List<string> Modules { get; }

    public List<Instance> Instances { get; }

    public string Thread { get; }

    public List<Frame> Frames { get; }

    /// <summary>What its data segments make of a memory.</summary>
    public byte[] MemoryContents(int memory, int length)
    {
        var contents = new byte[length];
        foreach (var segment in Module.DataSegments.Where(segment => segment.Memory == memory))
        {
            _bytes.AsSpan(segment.DataOffset, segment.DataLength).CopyTo(contents.AsSpan((int)segment.Offset.ConstantAddress!.Value));
        }

        return contents;
    }

    private T Read<T>(string name, Reading<T> read)
    {
        var section = Module.CustomSections.Single(section => section.Name == name);
        var reader = new WasmReader(_bytes, section.Offset, section.Offset + section.Length);
        var value = read(ref reader);
        Assert.True(reader.AtEnd);
        return value;
    }

    private static string Named(ref WasmReader reader)
    {
        Assert.Equal(0, reader.ReadByte());
        return reader.ReadName();
    }

    private static List<T> Many<T>(ref WasmReader reader, Reading<T> read)
    {
        var items = new List<T>();
        for (var left = reader.ReadU32(); left > 0; left--)
        {
            items.Add(read(ref reader));
        }

        return items;
    }

    private static int Index(ref WasmReader reader) => (int)reader.ReadU32();

    private static Instance ReadInstance(ref WasmReader reader)
    {
        Assert.Equal(0, reader.ReadByte());
        return new Instance(Index(ref reader), Many(ref reader, Index), Many(ref reader, Index));
    }

    private static Frame ReadFrame(ref WasmReader reader)
    {
        Assert.Equal(0, reader.ReadByte());
        var frame = new Frame(Index(ref reader), Index(ref reader), Index(ref reader), Index(ref reader));
        Assert.All(reader.ReadBytes(frame.Locals).ToArray(), value => Assert.Equal(0x01, value));
        Assert.Equal(0u, reader.ReadU32());
        return frame;
    }

    internal sealed record Instance(int Module, List<int> Memories, List<int> Globals);

    internal sealed record Frame(int Instance, int Function, int CodeOffset, int Locals);
}
