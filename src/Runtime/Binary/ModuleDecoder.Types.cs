using System.Collections.Immutable;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The type section.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/types.html#recursive-types">Spec: recursive types</see></remarks>
internal sealed partial class ModuleDecoder
{
    private const byte RecCode = 0x4E;
    private const byte SubCode = 0x50;
    private const byte SubFinalCode = 0x4F;
    private const byte FuncCode = 0x60;
    private const byte StructCode = 0x5F;
    private const byte ArrayCode = 0x5E;

    private void DecodeTypes(ref WasmReader reader)
    {
        var groupCount = ReadCount(ref reader, _limits.MaxRecGroups, "recursive groups");
        var groups = new RecGroup[groupCount];

        // Nearly every group has one member; a group may also have none.
        var types = new List<DefinedType>(Math.Min(groupCount, _limits.MaxTypes));
        for (var i = 0; i < groupCount; i++)
        {
            var count = 1;
            if (PeekByte(ref reader) == RecCode)
            {
                reader.ReadByte();
                count = ReadCount(ref reader, _limits.MaxTypes, "types", types.Count);
            }
            else if (types.Count == _limits.MaxTypes)
            {
                throw new ModuleLimitException($"+0x{reader.Position:x}: the module has more types than the {_limits.MaxTypes} that this engine takes");
            }

            groups[i] = new RecGroup(types.Count, count);
            for (var member = 0; member < count; member++)
            {
                types.Add(ReadSubType(ref reader));
            }
        }

        _module.RecGroups = groups;
        _module.Types = [.. types];
    }

    private DefinedType ReadSubType(ref WasmReader reader)
    {
        var code = PeekByte(ref reader);
        if (code is not (SubCode or SubFinalCode))
        {
            return new DefinedType(ReadComposite(ref reader), IsFinal: true, Supertype: null);
        }

        reader.ReadByte();
        var start = reader.Position;
        var count = reader.ReadCount();
        if (count > 1)
        {
            throw new InvalidModuleException($"sub type has {count} supertypes; at most one is allowed", start);
        }

        int? supertype = count == 0 ? null : reader.ReadIndex();
        return new DefinedType(ReadComposite(ref reader), IsFinal: code == SubFinalCode, supertype);
    }

    private CompositeType ReadComposite(ref WasmReader reader)
    {
        var start = reader.Position;
        var code = reader.ReadByte();
        switch (code)
        {
            case FuncCode:
                var parameters = ReadValueTypes(ref reader, _limits.MaxParameters, "parameters of one function type");
                return new FuncComposite(new FuncType(parameters, ReadValueTypes(ref reader, _limits.MaxResults, "results of one function type")));
            case StructCode:
                return new StructComposite(ReadFields(ref reader));
            case ArrayCode:
                return new ArrayComposite(ReadField(ref reader));
            default:
                // The code is a signed number of seven bits.
                throw new MalformedModuleException(code >= 0x80 ? "integer representation too long" : "malformed definition type", start);
        }
    }

    private static ImmutableArray<ValueType> ReadValueTypes(ref WasmReader reader, int limit, string what)
    {
        var count = ReadCount(ref reader, limit, what);
        if (count == 0)
        {
            return [];
        }

        var types = new ValueType[count];
        for (var i = 0; i < count; i++)
        {
            types[i] = reader.ReadValueType();
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(types);
    }

    private ImmutableArray<FieldType> ReadFields(ref WasmReader reader)
    {
        var count = ReadCount(ref reader, _limits.MaxFields, "fields of one structure type");
        var fields = ImmutableArray.CreateBuilder<FieldType>(count);
        for (var i = 0; i < count; i++)
        {
            fields.Add(ReadField(ref reader));
        }

        return fields.MoveToImmutable();
    }

    private static FieldType ReadField(ref WasmReader reader)
    {
        const byte I8Code = 0x78;
        const byte I16Code = 0x77;
        var storage = PeekByte(ref reader) switch
        {
            I8Code => new StorageType(ValueType.I32, 1),
            I16Code => new StorageType(ValueType.I32, 2),
            _ => default,
        };
        if (storage.PackedBytes == 0)
        {
            storage = new StorageType(reader.ReadValueType("malformed storage type"));
        }
        else
        {
            reader.ReadByte();
        }

        return new FieldType(storage, ReadMutability(ref reader));
    }

    private static bool ReadMutability(ref WasmReader reader)
    {
        var start = reader.Position;
        var mutability = reader.ReadByte();
        if (mutability > 1)
        {
            WasmReader.ThrowMalformed("malformed mutability", start);
        }

        return mutability == 1;
    }

    private static byte PeekByte(ref WasmReader reader)
    {
        var next = reader.ReadByte();
        reader.Position--;
        return next;
    }
}
