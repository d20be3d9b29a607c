using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using HostService.Runtime.Compilation.Image;

namespace HostService.Runtime.Compilation.Continuations;

/// <summary>How a continuation names the functions of its module: as methods of another assembly, the module's image as it is loaded.</summary>
/// <param name="layout">The module.</param>
/// <param name="metadata">The continuation's metadata.</param>
/// <param name="signatures">By type, the signature of its functions.</param>
/// <param name="assembly">What the module's image is called.</param>
internal sealed class CalleeReferences(ModuleLayout layout, ImageMetadata metadata, BlobHandle[] signatures, string assembly)
{
    private readonly Dictionary<int, int> _tokens = [];
    private readonly Dictionary<string, TypeReferenceHandle> _types = [];
    private AssemblyReferenceHandle _assembly;

    /// <summary>The token of a function's method.</summary>
    /// <param name="definedFunction">The function, counted without the imported ones.</param>
    public int TokenOf(int definedFunction)
    {
        if (!_tokens.TryGetValue(definedFunction, out var token))
        {
            var (type, method) = ImageBuilder.NamesOf(definedFunction);
            token = MetadataTokens.GetToken(metadata.Builder.AddMemberReference(
                TypeOf(type), metadata.Builder.GetOrAddString(method), signatures[layout.TypeOfDefined(definedFunction)]));
            _tokens.Add(definedFunction, token);
        }

        return token;
    }

    private TypeReferenceHandle TypeOf(string name)
    {
        if (!_types.TryGetValue(name, out var type))
        {
            if (_assembly.IsNil)
            {
                _assembly = metadata.Builder.AddAssemblyReference(metadata.Builder.GetOrAddString(assembly), ImageMetadata.AssemblyVersion, default, default, default, default);
            }

            type = metadata.Builder.AddTypeReference(_assembly, default, metadata.Builder.GetOrAddString(name));
            _types.Add(name, type);
        }

        return type;
    }
}
