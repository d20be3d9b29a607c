using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Image;

/// <summary>The tokens by which a module's code names the CLR types of its structures and arrays.</summary>
internal sealed class HeapReferences
{
    private readonly ImageMetadata _metadata;
    private readonly DefinedType[] _types;
    private readonly HeapReference?[] _references;
    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = [];

    /// <summary>Adds the references to an image's metadata.</summary>
    public HeapReferences(ImageMetadata metadata, DefinedType[] types, RecGroup[] groups)
    {
        (_metadata, _types, _references) = (metadata, types, new HeapReference?[types.Length]);
        if (HeapTypeNames.Groups(types, groups) is not { } names)
        {
            return;
        }

        for (var i = 0; i < groups.Length; i++)
        {
            for (var place = 0; names[i] is { } name && place < groups[i].Count; place++)
            {
                Add(groups[i].Start + place, name, place);
            }
        }
    }

    /// <summary>The tokens of a structure or array type.</summary>
    public HeapReference this[int type] => _references[type]!;

    private void Add(int index, string assembly, int place)
    {
        switch (_types[index].Composite)
        {
            case StructComposite { Fields: var fields }:
                var structure = TypeReference(assembly, place);
                var inherited = _types[index].Supertype is { } super ? _references[super]! : null;
                var tokens = new int[fields.Length];
                for (var i = 0; i < tokens.Length; i++)
                {
                    // A field is named where it is declared: in the first of the supertypes that has it.
                    tokens[i] = inherited is not null && i < inherited.Fields.Length ? inherited.Fields[i] : Field(structure, i, fields[i]);
                }

                var constructor = _metadata.Builder.AddMemberReference(structure, _metadata.Builder.GetOrAddString(".ctor"), _metadata.Blob(
                    blob => new BlobEncoder(blob).MethodSignature(isInstanceMethod: true).Parameters(0, result => result.Void(), _ => { })));
                _references[index] = new HeapReference(MetadataTokens.GetToken(structure), MetadataTokens.GetToken(constructor), tokens, [.. fields.Select(Kind)]);
                break;
            case ArrayComposite { Element: var element }:
                var item = TypeReference(assembly, place);
                var array = _metadata.Builder.AddTypeSpecification(_metadata.Blob(
                    blob => new BlobEncoder(blob).TypeSpecificationSignature().SZArray().Type(item, isValueType: true)));
                _references[index] = new HeapReference(MetadataTokens.GetToken(array), MetadataTokens.GetToken(item), [], [Kind(element)]);
                break;
        }
    }

    private static ElementKind Kind(FieldType field) => ElementKinds.Of(field.Storage);

    private int Field(TypeReferenceHandle structure, int index, FieldType field) => MetadataTokens.GetToken(_metadata.Builder.AddMemberReference(
        structure, _metadata.Builder.GetOrAddString($"f{index}"), _metadata.Blob(blob => SignatureWriter.WriteField(blob, Kind(field)))));

    private TypeReferenceHandle TypeReference(string assembly, int place)
    {
        var builder = _metadata.Builder;
        if (!_assemblies.TryGetValue(assembly, out var scope))
        {
            scope = builder.AddAssemblyReference(builder.GetOrAddString(assembly), new Version(1, 0), default, default, default, default);
            _assemblies.Add(assembly, scope);
        }

        return builder.AddTypeReference(scope, default, builder.GetOrAddString(HeapTypeNames.Member(place)));
    }
}

/// <summary>The tokens of one structure or array type.</summary>
/// <param name="TypeToken">The class, or the array.</param>
/// <param name="MakeToken">What a new one is made with: the class's constructor, or the array's element.</param>
/// <param name="Fields">The fields of a structure.</param>
/// <param name="Kinds">How each field, or an array's element, is kept.</param>
internal sealed record HeapReference(int TypeToken, int MakeToken, int[] Fields, ElementKind[] Kinds)
{
    /// <summary>The bytes of all fields of a structure, or of one element of an array.</summary>
    public int ContentBytes { get; } = Kinds.Sum(ElementKinds.Bytes);
}
