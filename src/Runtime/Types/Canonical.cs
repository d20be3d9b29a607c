using System.Collections.Immutable;

namespace HostService.Runtime.Types;

/// <summary>Turns types that are relative to a module into types that are relative to an engine.</summary>
internal static class Canonical
{
    /// <summary>The same type with each type index replaced by its canonical id.</summary>
    public static ValueType Of(ValueType type, ReadOnlySpan<int> ids) =>
        type is { IsRef: true, HeapType: { Kind: HeapKind.Index, Id: var index } }
            ? ValueType.Ref(new HeapType(HeapKind.Canonical, ids[index]), type.IsNullable)
            : type;

    /// <inheritdoc cref="Of(ValueType, ReadOnlySpan{int})"/>
    public static FuncType Of(FuncType type, ReadOnlySpan<int> ids) => new(Of(type.Parameters, ids), Of(type.Results, ids));

    /// <inheritdoc cref="Of(ValueType, ReadOnlySpan{int})"/>
    public static TableType Of(TableType type, ReadOnlySpan<int> ids) => type with { ElementType = Of(type.ElementType, ids) };

    /// <inheritdoc cref="Of(ValueType, ReadOnlySpan{int})"/>
    public static GlobalType Of(GlobalType type, ReadOnlySpan<int> ids) => type with { Type = Of(type.Type, ids) };

    /// <inheritdoc cref="Of(ValueType, ReadOnlySpan{int})"/>
    public static CompositeType Of(CompositeType type, ReadOnlySpan<int> ids)
    {
        switch (type)
        {
            case FuncComposite func:
                return new FuncComposite(Of(func.Type, ids));
            case StructComposite { Fields: var fields }:
                var canonical = ImmutableArray.CreateBuilder<FieldType>(fields.Length);
                foreach (var field in fields)
                {
                    canonical.Add(Of(field, ids));
                }

                return new StructComposite(canonical.MoveToImmutable());
            default:
                return new ArrayComposite(Of(((ArrayComposite)type).Element, ids));
        }
    }

    private static FieldType Of(FieldType field, ReadOnlySpan<int> ids) =>
        field with { Storage = field.Storage with { Unpacked = Of(field.Storage.Unpacked, ids) } };

    private static ImmutableArray<ValueType> Of(ImmutableArray<ValueType> types, ReadOnlySpan<int> ids)
    {
        foreach (var type in types)
        {
            if (type is { IsRef: true, HeapType.Kind: HeapKind.Index })
            {
                return Replace(types, ids);
            }
        }

        return types;
    }

    private static ImmutableArray<ValueType> Replace(ImmutableArray<ValueType> types, ReadOnlySpan<int> ids)
    {
        var canonical = ImmutableArray.CreateBuilder<ValueType>(types.Length);
        foreach (var type in types)
        {
            canonical.Add(Of(type, ids));
        }

        return canonical.MoveToImmutable();
    }
}
