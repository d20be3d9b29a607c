using System.Runtime.InteropServices;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Equality and subtyping among the types of one module.</summary>
/// <remarks>
/// Types are equal when their recursive groups are, member by member, so each type index has a representative: the first index that the module gave an equal
/// type. <see cref="TypeCanonicalizer"/> finds them; here two defined types are compared by comparing their representatives.
/// <see href="https://webassembly.github.io/spec/core/valid/matching.html">Spec: matching</see>
/// </remarks>
internal sealed class TypeRelations
{
    // Below every heap type; no binary can name it. Only ref.as_non_null and kin make it, in code that is never reached.
    private const HeapKind BottomHeap = (HeapKind)31;

    private readonly DefinedType[] _types;
    private readonly int[] _representatives;

    // The representative of each representative's supertype, or −1; always a smaller index.
    private readonly int[] _parents;

    public TypeRelations(DefinedType[] types, int[] representatives)
    {
        (_types, _representatives) = (types, representatives);
        _parents = Array.ConvertAll(types, type => type.Supertype is { } super ? representatives[super] : -1);
    }

    /// <summary>A reference that is not null, to nobody knows what: a subtype of every reference type.</summary>
    public static ValueType BottomReference => ValueType.Ref(new HeapType(BottomHeap), nullable: false);

    /// <summary>The first type index that names the same type as this one.</summary>
    public int Representative(int typeIndex) => _representatives[typeIndex];

    /// <summary>Whether two value types are the same type.</summary>
    public bool AreEqual(ValueType left, ValueType right)
    {
        if (left == right)
        {
            return true;
        }

        return left.IsRef && right.IsRef && left.IsNullable == right.IsNullable
            && left.HeapType is { Kind: HeapKind.Index, Id: var leftId } && right.HeapType is { Kind: HeapKind.Index, Id: var rightId }
            && _representatives[leftId] == _representatives[rightId];
    }

    /// <summary>Whether a value of type <paramref name="type"/> may be used where <paramref name="expected"/> is asked for.</summary>
    public bool IsSubtype(ValueType type, ValueType expected)
    {
        if (type == expected || type.Kind == ValueKind.None)
        {
            return true;
        }

        return type.IsRef && expected.IsRef && (expected.IsNullable || !type.IsNullable) && IsSubtype(type.HeapType, expected.HeapType);
    }

    /// <summary>Whether values of these types may be used where those are asked for, one for one.</summary>
    public bool IsSubtype(ReadOnlySpan<ValueType> types, ReadOnlySpan<ValueType> expected)
    {
        if (types.Length != expected.Length)
        {
            return false;
        }

        // Nearly always the types are the same, which is a comparison of bytes.
        if (AreSame(types, expected))
        {
            return true;
        }

        for (var i = 0; i < types.Length; i++)
        {
            if (!IsSubtype(types[i], expected[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether two lists of types are the same, but for types of equal content and different index.</summary>
    public static bool AreSame(ReadOnlySpan<ValueType> left, ReadOnlySpan<ValueType> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    /// <summary>Whether one heap type is a subtype of another.</summary>
    public bool IsSubtype(HeapType type, HeapType expected)
    {
        if (type == expected || type.Kind == BottomHeap)
        {
            return true;
        }

        if (type.Kind == HeapKind.Index)
        {
            return expected.Kind == HeapKind.Index
                ? IsDefinedSubtype(type.Id, expected.Id)
                : IsAbstractSubtype(KindOf(_types[type.Id].Composite), expected.Kind);
        }

        return expected.Kind == HeapKind.Index
            ? type.Kind == Bottom(KindOf(_types[expected.Id].Composite))
            : IsAbstractSubtype(type.Kind, expected.Kind);
    }

    /// <summary>Whether the type with one index is, or declares as an ancestor, the type with another.</summary>
    public bool IsDefinedSubtype(int type, int expected)
    {
        var wanted = _representatives[expected];
        var ancestor = _representatives[type];
        while (ancestor > wanted)
        {
            ancestor = _parents[ancestor];
        }

        return ancestor == wanted;
    }

    /// <summary>The root of the hierarchy that a heap type belongs to: <c>any</c>, <c>func</c>, <c>extern</c> or <c>exn</c>.</summary>
    public HeapKind Top(HeapType type) => type.Kind switch
    {
        HeapKind.Index => _types[type.Id].Composite is FuncComposite ? HeapKind.Func : HeapKind.Any,
        HeapKind.Func or HeapKind.NoFunc => HeapKind.Func,
        HeapKind.Extern or HeapKind.NoExtern => HeapKind.Extern,
        HeapKind.Exn or HeapKind.NoExn => HeapKind.Exn,
        _ => HeapKind.Any,
    };

    /// <summary>The abstract heap type just above a composite type.</summary>
    private static HeapKind KindOf(CompositeType composite) => composite switch
    {
        FuncComposite => HeapKind.Func,
        StructComposite => HeapKind.Struct,
        _ => HeapKind.Array,
    };

    private static HeapKind Bottom(HeapKind kind) => kind switch
    {
        HeapKind.Func => HeapKind.NoFunc,
        _ => HeapKind.None,
    };

    private static bool IsAbstractSubtype(HeapKind type, HeapKind expected) => type == expected || expected switch
    {
        HeapKind.Any => type is HeapKind.Eq or HeapKind.I31 or HeapKind.Struct or HeapKind.Array or HeapKind.None,
        HeapKind.Eq => type is HeapKind.I31 or HeapKind.Struct or HeapKind.Array or HeapKind.None,
        HeapKind.I31 or HeapKind.Struct or HeapKind.Array => type == HeapKind.None,
        HeapKind.Func => type == HeapKind.NoFunc,
        HeapKind.Extern => type == HeapKind.NoExtern,
        HeapKind.Exn => type == HeapKind.NoExn,
        _ => false,
    };
}
