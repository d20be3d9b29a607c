using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Types;

namespace HostService.Runtime.Linking;

/// <summary>Whether what is offered may be imported where a type is asked for. All types are canonical.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/matching.html">Spec: matching</see></remarks>
internal static class ImportMatching
{
    /// <summary>Whether a value of one type is one of the other.</summary>
    public static bool Matches(ValueType offered, ValueType required, SignatureRegistry registry)
    {
        if (offered == required)
        {
            return true;
        }

        return offered.IsRef && required.IsRef && (required.IsNullable || !offered.IsNullable)
            && Matches(offered.HeapType, required.HeapType, registry);
    }

    /// <summary>Whether a global may be imported: constants by subtyping, variables only as exactly what they are.</summary>
    public static bool Matches(GlobalType offered, GlobalType required, SignatureRegistry registry) =>
        offered.IsMutable == required.IsMutable
        && (required.IsMutable ? offered.Type == required.Type : Matches(offered.Type, required.Type, registry));

    /// <summary>Whether a memory may be imported.</summary>
    public static bool Matches(MemoryType offered, MemoryType required) =>
        offered.Is64 == required.Is64 && offered.IsShared == required.IsShared && offered.PageSizeLog2 == required.PageSizeLog2
        && offered.Limits.Matches(required.Limits);

    /// <summary>Whether a table may be imported.</summary>
    public static bool Matches(TableType offered, TableType required) =>
        offered.Is64 == required.Is64 && offered.ElementType == required.ElementType && offered.Limits.Matches(required.Limits);

    private static bool Matches(HeapType offered, HeapType required, SignatureRegistry registry)
    {
        if (offered == required)
        {
            return true;
        }

        if (offered.Kind == HeapKind.Canonical)
        {
            return required.Kind == HeapKind.Canonical
                ? registry.IsSubtype(offered.Id, required.Id)
                : Abstracts(KindOf(registry.Composite(offered.Id)), required.Kind);
        }

        return required.Kind == HeapKind.Canonical
            ? offered.Kind == BottomOf(KindOf(registry.Composite(required.Id)))
            : Abstracts(offered.Kind, required.Kind);
    }

    // Whether the abstract heap type `super` is above or equal to `kind`.
    private static bool Abstracts(HeapKind kind, HeapKind super) => kind == super || kind switch
    {
        HeapKind.NoFunc => super == HeapKind.Func,
        HeapKind.NoExtern => super == HeapKind.Extern,
        HeapKind.NoExn => super == HeapKind.Exn,
        HeapKind.None => super is HeapKind.I31 or HeapKind.Struct or HeapKind.Array or HeapKind.Eq or HeapKind.Any,
        HeapKind.I31 or HeapKind.Struct or HeapKind.Array => super is HeapKind.Eq or HeapKind.Any,
        HeapKind.Eq => super == HeapKind.Any,
        _ => false,
    };

    private static HeapKind KindOf(CompositeType type) => type switch
    {
        FuncComposite => HeapKind.Func,
        StructComposite => HeapKind.Struct,
        _ => HeapKind.Array,
    };

    private static HeapKind BottomOf(HeapKind kind) => kind == HeapKind.Func ? HeapKind.NoFunc : HeapKind.None;
}
