using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.Tables;

namespace HostService.Runtime.Compilation.Image;

/// <summary>The part of an image's metadata that is the same for every module: what it refers to, in a fixed order, so that tokens are constants.</summary>
internal sealed class ImageMetadata
{
    private readonly Dictionary<Assembly, AssemblyReferenceHandle> _assemblies = [];
    private readonly Dictionary<Type, TypeReferenceHandle> _types = [];

    /// <summary>Writes the assembly's own rows and all references.</summary>
    public ImageMetadata(string assemblyName)
    {
        var name = Builder.GetOrAddString(assemblyName);
        Builder.AddModule(0, name, Builder.GetOrAddGuid(Guid.NewGuid()), default, default);
        Builder.AddAssembly(name, AssemblyVersion, default, default, default, AssemblyHashAlgorithm.None);

        // The rows that SignatureWriter takes for granted.
        TypeReference(typeof(Vector128<>));
        TypeReference(typeof(InstanceState));
        TypeReference(typeof(GuestException));
        TypeReference(typeof(RefSlot));
        TypeReference(typeof(StructObject));
        TypeReference(typeof(I31));
        TypeReference(typeof(Array));
        TypeReference(typeof(Resumption));
        Builder.AddTypeSpecification(Blob(blob => SignatureWriter.Write(blob, IL.ILType.Vector128)));

        foreach (var member in Members.All)
        {
            Builder.AddMemberReference(
                TypeReference(member.Info.DeclaringType!),
                Builder.GetOrAddString(member.Info.Name),
                Blob(blob => SignatureWriter.WriteMember(blob, member.Info, TypeReference)));
        }

        IgnoreAccessChecks();
    }

    /// <summary>The version of every image.</summary>
    public static Version AssemblyVersion { get; } = new(1, 0);

    /// <summary>Where the module's own rows go.</summary>
    public MetadataBuilder Builder { get; } = new();

    /// <summary>The reference to <see cref="object"/>.</summary>
    public TypeReferenceHandle ObjectType => TypeReference(typeof(object));

    /// <summary>Makes a blob.</summary>
    public BlobHandle Blob(Action<BlobBuilder> write)
    {
        var blob = new BlobBuilder(32);
        write(blob);
        return Builder.GetOrAddBlob(blob);
    }

    /// <summary>Writes a PE image with this metadata.</summary>
    /// <param name="code">The bodies of its methods.</param>
    public byte[] Serialize(BlobBuilder code)
    {
        var image = new BlobBuilder(1 << 16);
        new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll | Characteristics.ExecutableImage), new MetadataRootBuilder(Builder), code).Serialize(image);
        return image.ToArray();
    }

    // [assembly: IgnoresAccessChecksTo("HostService.Runtime")] lets the image use internal members, so that they need not be public.
    private void IgnoreAccessChecks()
    {
        var constructor = Builder.AddMemberReference(
            TypeReference(typeof(IgnoresAccessChecksToAttribute)),
            Builder.GetOrAddString(".ctor"),
            Blob(blob => new BlobEncoder(blob).MethodSignature(isInstanceMethod: true)
                .Parameters(1, returnType => returnType.Void(), parameters => parameters.AddParameter().Type().String())));
        var value = Blob(blob => new BlobEncoder(blob).CustomAttributeSignature(
            arguments => arguments.AddArgument().Scalar().Constant(typeof(InstanceState).Assembly.GetName().Name), _ => { }));
        Builder.AddCustomAttribute(MetadataTokens.EntityHandle(TableIndex.Assembly, 1), constructor, value);
    }

    private TypeReferenceHandle TypeReference(Type type)
    {
        if (!_types.TryGetValue(type, out var handle))
        {
            EntityHandle scope = type.DeclaringType is { } outer ? TypeReference(outer) : AssemblyReference(type.Assembly);
            handle = Builder.AddTypeReference(scope, type.IsNested ? default : Builder.GetOrAddString(type.Namespace!), Builder.GetOrAddString(type.Name));
            _types.Add(type, handle);
        }

        return handle;
    }

    private AssemblyReferenceHandle AssemblyReference(Assembly assembly)
    {
        if (!_assemblies.TryGetValue(assembly, out var handle))
        {
            var name = assembly.GetName();
            handle = Builder.AddAssemblyReference(
                Builder.GetOrAddString(name.Name!), name.Version!, default,
                name.GetPublicKeyToken() is { Length: > 0 } token ? Builder.GetOrAddBlob(token) : default, default, default);
            _assemblies.Add(assembly, handle);
        }

        return handle;
    }
}
