using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HostService.Architecture.Tests.Metadata;

/// <summary>One compiled assembly, and which of its types uses which types: read from metadata and IL, without loading it.</summary>
/// <remarks>A nested type, also a compiler-generated one, counts as the top-level type that contains it: what a lambda uses, its author's type uses.</remarks>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly PEReader _file;

    private CompiledAssembly(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        Reader = _file.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
    }

    public MetadataReader Reader { get; }

    public string Name { get; }

    public IEnumerable<string> References =>
        Reader.AssemblyReferences.Select(handle => Reader.GetString(Reader.GetAssemblyReference(handle).Name));

    public static CompiledAssembly Open(string path) => new(path);

    public MethodBodyBlock Body(MethodDefinition method) => _file.GetMethodBody(method.RelativeVirtualAddress);

    /// <summary>Every use of one type by another, each pair once, uses within one type left out.</summary>
    public IReadOnlyCollection<TypeUse> Uses()
    {
        var uses = new HashSet<TypeUse>();
        foreach (var handle in Reader.TypeDefinitions)
        {
            var user = TypeName.Of(Reader, handle);
            var collector = new UsedTypes(this);
            collector.AddType(Reader.GetTypeDefinition(handle));
            uses.UnionWith(collector.Found.Where(used => used != user).Select(used => new TypeUse(user, used)));
        }

        return uses;
    }

    /// <summary>The top-level types that are visible outside the assembly.</summary>
    public IReadOnlySet<TypeName> PublicTypes() => Reader.TypeDefinitions
        .Where(handle => (Reader.GetTypeDefinition(handle).Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public)
        .Select(handle => TypeName.Of(Reader, handle))
        .ToHashSet();

    public void Dispose() => _file.Dispose();
}
