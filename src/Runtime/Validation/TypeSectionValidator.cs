using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Checks the types that a module defines.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/types.html#recursive-types">Spec: recursive types</see></remarks>
internal sealed class TypeSectionValidator
{
    private readonly DefinedType[] _types;
    private readonly int _offset;
    private readonly TypeRelations _relations;

    private TypeSectionValidator(ModuleSyntax syntax)
    {
        (_types, _offset) = (syntax.Types, syntax.SectionOffsets[(int)SectionId.Type]);
        foreach (var group in syntax.RecGroups)
        {
            for (var index = group.Start; index < group.Start + group.Count; index++)
            {
                CheckReferences(_types[index], index, group.Start + group.Count);
            }
        }

        _relations = new TypeRelations(_types, TypeCanonicalizer.FindRepresentatives(syntax));
    }

    /// <summary>Checks them and finds out which are equal.</summary>
    public static TypeRelations Check(ModuleSyntax syntax, ModuleLimits limits)
    {
        var validator = new TypeSectionValidator(syntax);

        // Depths first: matching walks up the supertypes, so none of them may be far.
        validator.CheckDepths(limits.MaxSubtypingDepth);
        for (var index = 0; index < syntax.Types.Length; index++)
        {
            validator.CheckSupertype(index);
        }

        return validator._relations;
    }

    // A type may name the types before its group and those in its group; its supertype must be before itself.
    private void CheckReferences(DefinedType type, int index, int known)
    {
        if (type.Supertype >= index)
        {
            throw new InvalidModuleException($"unknown type {type.Supertype} as supertype of type {index}", _offset);
        }

        switch (type.Composite)
        {
            case FuncComposite { Type: var function }:
                foreach (var parameter in function.Parameters)
                {
                    CheckReference(parameter, index, known);
                }

                foreach (var result in function.Results)
                {
                    CheckReference(result, index, known);
                }

                break;

            case StructComposite structure:
                foreach (var field in structure.Fields)
                {
                    CheckReference(field.Storage.Unpacked, index, known);
                }

                break;

            case ArrayComposite array:
                CheckReference(array.Element.Storage.Unpacked, index, known);
                break;
        }
    }

    private void CheckReference(ValueType reference, int index, int known)
    {
        if (reference.IsRef && reference.HeapType is { Kind: HeapKind.Index, Id: var id } && id >= known)
        {
            throw new InvalidModuleException($"unknown type {id} in type {index}", _offset);
        }
    }

    private void CheckDepths(int limit)
    {
        var depths = new int[_types.Length];
        for (var index = 0; index < depths.Length; index++)
        {
            if (_types[index].Supertype is { } super && (depths[index] = depths[super] + 1) > limit)
            {
                throw new ModuleLimitException($"type {index} is {depths[index]} levels below the root of its supertypes; this engine takes at most {limit}");
            }
        }
    }

    private void CheckSupertype(int index)
    {
        var type = _types[index];
        if (type.Supertype is not { } super)
        {
            return;
        }

        if (_types[super].IsFinal || !Matches(type.Composite, _types[super].Composite))
        {
            throw new InvalidModuleException(
                $"sub type {index} does not match super type {super}{(_types[super].IsFinal ? ": it is final" : "")}", _offset);
        }
    }

    private bool Matches(CompositeType type, CompositeType super) => (type, super) switch
    {
        (FuncComposite { Type: var function }, FuncComposite { Type: var wanted }) =>
            _relations.IsSubtype(wanted.Parameters.AsSpan(), function.Parameters.AsSpan())
            && _relations.IsSubtype(function.Results.AsSpan(), wanted.Results.AsSpan()),
        (StructComposite { Fields: var fields }, StructComposite { Fields: var wanted }) => Matches(fields.AsSpan(), wanted.AsSpan()),
        (ArrayComposite { Element: var element }, ArrayComposite { Element: var wanted }) => Matches(element, wanted),
        _ => false,
    };

    // A structure may have more fields than its supertype.
    private bool Matches(ReadOnlySpan<FieldType> fields, ReadOnlySpan<FieldType> wanted)
    {
        var matches = fields.Length >= wanted.Length;
        for (var i = 0; matches && i < wanted.Length; i++)
        {
            matches = Matches(fields[i], wanted[i]);
        }

        return matches;
    }

    // What is mutable is read and written, so its type must be the same.
    private bool Matches(FieldType field, FieldType wanted)
    {
        var (type, wantedType) = (field.Storage.Unpacked, wanted.Storage.Unpacked);
        return field.IsMutable == wanted.IsMutable && field.Storage.PackedBytes == wanted.Storage.PackedBytes
            && (field.IsMutable ? _relations.AreEqual(type, wantedType) : _relations.IsSubtype(type, wantedType));
    }
}
