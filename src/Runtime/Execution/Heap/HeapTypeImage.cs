using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Heap;

/// <summary>Writes the PE image with the CLR types of one recursive group.</summary>
/// <remarks>
/// A structure is a class with public fields <c>f0</c>, <c>f1</c>, …, numbered over all of its parents. An array is a CLR array whose element is a structure
/// around the one value: it has the layout of an array of that value, and a type of its own, so that two array types with like elements are told apart by one compare.
/// </remarks>
internal sealed class HeapTypeImage
{
    private const TypeAttributes ClassFlags = TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.AutoLayout;
    private const TypeAttributes ElementFlags = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout;
    private readonly MetadataBuilder _builder = new();
    private readonly BlobBuilder _code = new();
    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = [];
    private readonly TypeReferenceHandle _vector;

    private HeapTypeImage(string name)
    {
        _builder.AddModule(0, _builder.GetOrAddString(name), _builder.GetOrAddGuid(Guid.NewGuid()), default, default);
        _builder.AddAssembly(_builder.GetOrAddString(name), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        _vector = TypeReference(typeof(Vector128<>));
    }

    /// <summary>Writes the image.</summary>
    /// <param name="name">The assembly's name.</param>
    /// <param name="members">The members by place; null for function types, which need no CLR type.</param>
    public static byte[] Build(string name, HeapTypeShape?[] members)
    {
        var image = new HeapTypeImage(name);
        image.AddTypes(name, members);
        image.IgnoreAccessChecks();
        var bytes = new BlobBuilder();
        new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll | Characteristics.ExecutableImage),
            new MetadataRootBuilder(image._builder), image._code).Serialize(bytes);
        return bytes.ToArray();
    }

    private void AddTypes(string name, HeapTypeShape?[] members)
    {
        // Members may extend each other whichever comes first, so the rows of their types are known beforehand: one for each, after <Module>.
        var rows = new Dictionary<int, TypeDefinitionHandle>();
        for (var place = 0; place < members.Length; place++)
        {
            if (members[place] is not null)
            {
                rows.Add(place, MetadataTokens.TypeDefinitionHandle(rows.Count + 2));
            }
        }

        _builder.AddTypeDefinition(
            default, default, _builder.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var (field, method) = (1, 1);
        var bodies = new MethodBodyStreamEncoder(_code);
        for (var place = 0; place < members.Length; place++)
        {
            if (members[place] is not { } member)
            {
                continue;
            }

            var parent = ParentOf(member, name, rows);
            var flags = member.IsArray ? ElementFlags : member.IsFinal ? ClassFlags | TypeAttributes.Sealed : ClassFlags;
            _builder.AddTypeDefinition(
                flags, default, _builder.GetOrAddString(HeapTypeNames.Member(place)), parent,
                MetadataTokens.FieldDefinitionHandle(field), MetadataTokens.MethodDefinitionHandle(method));
            for (var i = 0; i < member.Fields.Length; i++, field++)
            {
                var kind = member.Fields[i];
                _builder.AddFieldDefinition(FieldAttributes.Public, _builder.GetOrAddString($"f{member.FirstField + i}"), FieldSignature(kind));
            }

            if (!member.IsArray)
            {
                AddConstructor(bodies, parent);
                method++;
            }
        }
    }

    private EntityHandle ParentOf(HeapTypeShape member, string name, Dictionary<int, TypeDefinitionHandle> rows)
    {
        if (member.IsArray)
        {
            return TypeReference(typeof(System.ValueType));
        }

        if (member.Parent is not { } parent)
        {
            return TypeReference(typeof(StructObject));
        }

        return parent.Assembly == name
            ? rows[parent.Place]
            : _builder.AddTypeReference(AssemblyReference(parent.Assembly, null), default, _builder.GetOrAddString(HeapTypeNames.Member(parent.Place)));
    }

    // public T() : base() { }
    private void AddConstructor(MethodBodyStreamEncoder bodies, EntityHandle parent)
    {
        var signature = Blob(blob => new BlobEncoder(blob).MethodSignature(isInstanceMethod: true).Parameters(0, result => result.Void(), _ => { }));
        var il = new InstructionEncoder(new BlobBuilder());
        il.LoadArgument(0);
        il.Call(_builder.AddMemberReference(parent, _builder.GetOrAddString(".ctor"), signature));
        il.OpCode(ILOpCode.Ret);
        _builder.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, MethodImplAttributes.IL,
            _builder.GetOrAddString(".ctor"), signature, bodies.AddMethodBody(il), default);
    }

    private BlobHandle FieldSignature(ElementKind kind) => Blob(blob =>
    {
        var type = new BlobEncoder(blob).Field().Type();
        switch (kind)
        {
            case ElementKind.I8: type.Byte(); break;
            case ElementKind.I16: type.UInt16(); break;
            case ElementKind.I32: type.Int32(); break;
            case ElementKind.I64: type.Int64(); break;
            case ElementKind.F32: type.Single(); break;
            case ElementKind.F64: type.Double(); break;
            case ElementKind.V128: type.GenericInstantiation(_vector, 1, isValueType: true).AddArgument().Byte(); break;
            default: type.Object(); break;
        }
    });

    // The base class is internal to the engine.
    private void IgnoreAccessChecks()
    {
        var constructor = _builder.AddMemberReference(TypeReference(typeof(IgnoresAccessChecksToAttribute)), _builder.GetOrAddString(".ctor"), Blob(
            blob => new BlobEncoder(blob).MethodSignature(isInstanceMethod: true).Parameters(1, result => result.Void(), parameters => parameters.AddParameter().Type().String())));
        var value = Blob(blob => new BlobEncoder(blob).CustomAttributeSignature(
            arguments => arguments.AddArgument().Scalar().Constant(typeof(StructObject).Assembly.GetName().Name), _ => { }));
        _builder.AddCustomAttribute(EntityHandle.AssemblyDefinition, constructor, value);
    }

    private BlobHandle Blob(Action<BlobBuilder> write)
    {
        var blob = new BlobBuilder(16);
        write(blob);
        return _builder.GetOrAddBlob(blob);
    }

    private TypeReferenceHandle TypeReference(Type type) => _builder.AddTypeReference(
        AssemblyReference(type.Assembly.GetName().Name!, type.Assembly), _builder.GetOrAddString(type.Namespace!), _builder.GetOrAddString(type.Name));

    private AssemblyReferenceHandle AssemblyReference(string name, Assembly? assembly)
    {
        if (!_assemblies.TryGetValue(name, out var handle))
        {
            var token = assembly?.GetName().GetPublicKeyToken();
            handle = _builder.AddAssemblyReference(
                _builder.GetOrAddString(name), assembly?.GetName().Version ?? new Version(1, 0), default,
                token is { Length: > 0 } ? _builder.GetOrAddBlob(token) : default, default, default);
            _assemblies.Add(name, handle);
        }

        return handle;
    }
}
