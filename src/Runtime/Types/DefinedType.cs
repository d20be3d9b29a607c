using System.Collections.Immutable;

namespace HostService.Runtime.Types;

/// <summary>One entry of a module's type section, still relative to that module: a composite type with its place in the subtype hierarchy.</summary>
/// <param name="Composite">The function, structure or array type.</param>
/// <param name="IsFinal">Whether no other type may name this one as its supertype.</param>
/// <param name="Supertype">The type index of the declared supertype, or null.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#recursive-types">Spec: recursive types</see></remarks>
internal sealed record DefinedType(CompositeType Composite, bool IsFinal, int? Supertype);

/// <summary>A function, structure or array type.</summary>
internal abstract record CompositeType;

/// <summary>A composite type that is a function.</summary>
internal sealed record FuncComposite(FuncType Type) : CompositeType;

/// <summary>A composite type that is a structure.</summary>
internal sealed record StructComposite(ImmutableArray<FieldType> Fields) : CompositeType
{
    /// <summary>Whether each field has a default value. Three bytes of code ask for it, of ten thousand fields.</summary>
    public bool IsDefaultable { get; } = Fields.All(field => field.Storage.Unpacked.IsDefaultable);
}

/// <summary>A composite type that is an array.</summary>
internal sealed record ArrayComposite(FieldType Element) : CompositeType;

/// <summary>A field of a structure or the element of an array.</summary>
internal readonly record struct FieldType(StorageType Storage, bool IsMutable);

/// <summary>How a field is stored: as a value, or packed into 8 or 16 bits of an <c>i32</c>.</summary>
/// <param name="Unpacked">The type that instructions see; <c>i32</c> for packed fields.</param>
/// <param name="PackedBytes">1 or 2 for packed fields; 0 otherwise.</param>
internal readonly record struct StorageType(ValueType Unpacked, int PackedBytes = 0);

/// <summary>A recursive type group: a run of the type section whose members may name each other.</summary>
/// <param name="Start">The type index of its first member.</param>
/// <param name="Count">How many members it has, 0 or more.</param>
internal readonly record struct RecGroup(int Start, int Count);
