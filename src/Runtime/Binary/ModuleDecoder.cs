using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <summary>Turns the bytes of a module into a <see cref="ModuleSyntax"/>. One file for each section.</summary>
/// <remarks>
/// Nothing is allocated on the word of a length alone: a vector's length is first compared with the bytes that are left, then with <see cref="ModuleLimits"/>.
/// Function bodies are located, not read; their instructions are decoded when they are validated.
/// As in the specification's grammar a section is read as if it had no length, and then its length must be right: so a fault inside it is named before that.
/// <see href="https://webassembly.github.io/spec/core/binary/modules.html">Spec: modules</see>
/// </remarks>
internal sealed partial class ModuleDecoder
{
    private const uint Magic = 0x6D73_6100; // "\0asm"
    private const uint Version = 1;

    // Where each section must come, by its id; custom sections may come anywhere.
    private static ReadOnlySpan<byte> Order => [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

    private readonly ModuleSyntax _module;
    private readonly WasmFeatures _features;
    private readonly ModuleLimits _limits;

    private ModuleDecoder(ReadOnlyMemory<byte> binary, WasmFeatures features, ModuleLimits limits)
    {
        _module = new ModuleSyntax { Binary = binary, Features = features };
        (_features, _limits) = (features, limits);
    }

    /// <summary>Decodes a module. The result refers to <paramref name="binary"/>, which must not change any more.</summary>
    /// <exception cref="MalformedModuleException">The bytes are no module.</exception>
    /// <exception cref="InvalidModuleException">A type index is too large to be represented.</exception>
    /// <exception cref="ModuleLimitException">The module is larger in some respect than <paramref name="limits"/> allow.</exception>
    public static ModuleSyntax Decode(ReadOnlyMemory<byte> binary, WasmFeatures features, ModuleLimits limits)
    {
        if (binary.Length > limits.MaxModuleBytes)
        {
            throw new ModuleLimitException($"the module has {binary.Length} bytes; this engine takes at most {limits.MaxModuleBytes}");
        }

        var decoder = new ModuleDecoder(binary, features, limits);
        try
        {
            decoder.Decode();
        }
        catch (MalformedModuleException)
        {
            // Of two faults the first in the binary is named, also when it is in a body.
            decoder.ReadBodies();
            throw;
        }

        return decoder._module;
    }

    private void Decode()
    {
        var binary = _module.Binary.Span;
        var reader = new WasmReader(binary, 0, binary.Length);
        DecodeHeader(ref reader);
        var last = 0;
        while (!reader.AtEnd)
        {
            var start = reader.Position;
            var id = (SectionId)reader.ReadByte();
            if (id > SectionId.Tag)
            {
                WasmReader.ThrowMalformed($"malformed section id {(byte)id}", start);
            }

            var length = reader.ReadLength();
            var end = reader.Position + length;
            if (id != SectionId.Custom)
            {
                if (Order[(int)id] <= last)
                {
                    WasmReader.ThrowMalformed($"unexpected content after last section: {Word(id)} section out of order", start);
                }

                last = Order[(int)id];
            }

            _module.SectionOffsets[(int)id] = reader.Position;
            DecodeSection(id, ref reader, end);
            if (reader.Position != end)
            {
                WasmReader.ThrowMalformed($"section size mismatch: the {Word(id)} section ends at +0x{reader.Position:x}, not at +0x{end:x}", start);
            }
        }

        CheckCounts(binary.Length);
    }

    private static void DecodeHeader(ref WasmReader reader)
    {
        if (reader.ReadFixed32() != Magic)
        {
            WasmReader.ThrowMalformed("magic header not detected", 0);
        }

        if (reader.ReadFixed32() is not Version and var version)
        {
            // Components, of the component model, have the same magic and another version.
            WasmReader.ThrowMalformed($"unknown binary version{(version == 0x0001_000D ? ": this is a component, not a module" : "")}", 4);
        }
    }

    private void DecodeSection(SectionId id, ref WasmReader reader, int end)
    {
        switch (id)
        {
            case SectionId.Custom: DecodeCustom(ref reader, end); break;
            case SectionId.Type: DecodeTypes(ref reader); break;
            case SectionId.Import: DecodeImports(ref reader); break;
            case SectionId.Function: DecodeFunctions(ref reader); break;
            case SectionId.Table: DecodeTables(ref reader); break;
            case SectionId.Memory: DecodeMemories(ref reader); break;
            case SectionId.Tag: DecodeTags(ref reader); break;
            case SectionId.Global: DecodeGlobals(ref reader); break;
            case SectionId.Export: DecodeExports(ref reader); break;
            case SectionId.Start: _module.Start = new FuncIndex(reader.ReadIndex()); break;
            case SectionId.Element: DecodeElements(ref reader); break;
            case SectionId.DataCount: DecodeDataCount(ref reader); break;
            case SectionId.Code: DecodeCode(ref reader, end); break;
            default: DecodeData(ref reader); break;
        }
    }

    // What one section promises of another that may be missing.
    private void CheckCounts(int end)
    {
        var declared = _module.FunctionCount - _module.ImportedFunctionCount;
        if (_module.Bodies.Length != declared)
        {
            WasmReader.ThrowMalformed($"function and code section have inconsistent lengths: {declared} and {_module.Bodies.Length}", end);
        }

        if (_module.DataCount is { } count && count != _module.DataSegments.Length)
        {
            WasmReader.ThrowMalformed($"data count and data section have inconsistent lengths: {count} and {_module.DataSegments.Length}", end);
        }
    }

    /// <summary>Reads the length of a vector: at most as many items as the bytes left can hold, and at most <paramref name="limit"/>.</summary>
    private static int ReadCount(ref WasmReader reader, int limit, string what, int before = 0)
    {
        var start = reader.Position;
        var count = reader.ReadCount();
        if (count > limit - before)
        {
            throw new ModuleLimitException($"+0x{start:x}: the module has {(long)count + before} {what}; this engine takes at most {limit}");
        }

        return count;
    }

    private string ReadName(ref WasmReader reader)
    {
        var start = reader.Position;
        var name = reader.ReadName();
        if (reader.Position - start > _limits.MaxNameBytes)
        {
            throw new ModuleLimitException($"+0x{start:x}: a name has more bytes than the {_limits.MaxNameBytes} that this engine takes");
        }

        return name;
    }

    private static string Word(SectionId id) => id == SectionId.DataCount ? "data count" : id.ToString().ToLowerInvariant();
}
