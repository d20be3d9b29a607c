using System.Text;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <summary>The names that a compiler left for people: of the module, its functions, their locals.</summary>
/// <remarks>
/// Nothing depends on it but messages, so whatever can't be read is left out and never an error. It is read when a name is first asked for, and then only to
/// note where each name is: a module with 600,000 names costs nothing until one of them traps.
/// Thread-safe. <see href="https://webassembly.github.io/spec/core/appendix/custom.html#name-section">Spec: name section</see>
/// </remarks>
internal sealed class NameSection
{
    private const byte ModuleSubsection = 0;
    private const byte FunctionSubsection = 1;
    private const byte LocalSubsection = 2;

    private readonly ModuleSyntax _syntax;
    private readonly Lazy<Contents> _contents;

    /// <summary>Finds a module's name section, if it has one, and reads nothing of it yet.</summary>
    public NameSection(ModuleSyntax module)
    {
        _syntax = module;
        var section = module.CustomSections.Find(section => section.Name == "name");
        _contents = new Lazy<Contents>(() => Read(section));
    }

    /// <summary>The module's name, or null.</summary>
    public string? Module => _contents.Value.Module is { } range ? Decode(range) : null;

    /// <summary>A function's name, or null.</summary>
    public string? Function(FuncIndex function) => _contents.Value.Functions.TryGetValue(function.Value, out var range) ? Decode(range) : null;

    /// <summary>A local's name, or null.</summary>
    public string? Local(FuncIndex function, LocalIndex local)
    {
        if (!_contents.Value.Locals.TryGetValue(function.Value, out var range))
        {
            return null;
        }

        var reader = new WasmReader(_syntax.Binary.Span, range.Offset, range.Offset + range.Length);
        return ReadNameMap(ref reader, int.MaxValue).TryGetValue(local.Value, out var name) ? Decode(name) : null;
    }

    // Bytes that are no UTF-8 become replacement characters: half a name is better than none.
    private string Decode(NameRange range) => Encoding.UTF8.GetString(_syntax.Binary.Span.Slice(range.Offset, range.Length));

    private Contents Read(CustomSection section)
    {
        var contents = new Contents();
        var reader = new WasmReader(_syntax.Binary.Span, section.Offset, section.Offset + section.Length);
        try
        {
            while (!reader.AtEnd)
            {
                var id = reader.ReadByte();
                var length = reader.ReadLength();
                var subsection = new WasmReader(_syntax.Binary.Span, reader.Position, reader.Position + length);
                reader.Position += length;
                ReadSubsection(id, ref subsection, contents);
            }
        }
        catch (MalformedModuleException)
        {
            // The subsections before the broken one stand.
        }

        return contents;
    }

    private void ReadSubsection(byte id, ref WasmReader reader, Contents contents)
    {
        switch (id)
        {
            case ModuleSubsection: contents.Module = ReadRange(ref reader); break;
            case FunctionSubsection: contents.Functions = ReadNameMap(ref reader, _syntax.FunctionCount); break;
            case LocalSubsection: contents.Locals = ReadLocalMaps(ref reader); break;
            default: break;
        }
    }

    private static NameRange ReadRange(ref WasmReader reader)
    {
        var length = reader.ReadLength();
        var range = new NameRange(reader.Position, length);
        reader.Position += length;
        return range;
    }

    // Of two names for one index, which the specification forbids, the first counts. Names of what does not exist are left out.
    private static Dictionary<int, NameRange> ReadNameMap(ref WasmReader reader, int limit)
    {
        var count = reader.ReadCount(itemBytes: 2);
        var names = new Dictionary<int, NameRange>();
        for (var i = 0; i < count; i++)
        {
            var index = reader.ReadIndex();
            var range = ReadRange(ref reader);
            if (index < limit)
            {
                names.TryAdd(index, range);
            }
        }

        return names;
    }

    // For each function the range of its map, found by reading over it.
    private Dictionary<int, NameRange> ReadLocalMaps(ref WasmReader reader)
    {
        var count = reader.ReadCount(itemBytes: 2);
        var maps = new Dictionary<int, NameRange>();
        for (var i = 0; i < count; i++)
        {
            var function = reader.ReadIndex();
            var start = reader.Position;
            var locals = reader.ReadCount(itemBytes: 2);
            for (var local = 0; local < locals; local++)
            {
                reader.ReadU32();
                ReadRange(ref reader);
            }

            if (function < _syntax.FunctionCount)
            {
                maps.TryAdd(function, new NameRange(start, reader.Position - start));
            }
        }

        return maps;
    }

    private readonly record struct NameRange(int Offset, int Length);

    private sealed class Contents
    {
        public NameRange? Module { get; set; }

        public Dictionary<int, NameRange> Functions { get; set; } = [];

        public Dictionary<int, NameRange> Locals { get; set; } = [];
    }
}
