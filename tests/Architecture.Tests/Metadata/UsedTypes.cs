using System.Reflection.Metadata;

namespace HostService.Architecture.Tests.Metadata;

/// <summary>Collects the types that a type mentions anywhere.</summary>
internal sealed class UsedTypes
{
    private readonly CompiledAssembly _assembly;
    private readonly MetadataReader _reader;
    private readonly SignatureTypes _signatures;
    private readonly HashSet<TypeName> _found = [];

    public UsedTypes(CompiledAssembly assembly)
    {
        _assembly = assembly;
        _reader = assembly.Reader;
        _signatures = new SignatureTypes(Add);
    }

    public IReadOnlySet<TypeName> Found => _found;

    public void AddType(TypeDefinition type)
    {
        Add(type.BaseType);
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            Add(_reader.GetInterfaceImplementation(implementation).Interface);
        }

        Add(type.GetCustomAttributes());
        Add(type.GetGenericParameters());
        foreach (var handle in type.GetFields())
        {
            var field = _reader.GetFieldDefinition(handle);
            field.DecodeSignature(_signatures, null);
            Add(field.GetCustomAttributes());
        }

        foreach (var handle in type.GetMethods())
        {
            AddMethod(_reader.GetMethodDefinition(handle));
        }
    }

    /// <summary>Adds the type that an operand of an instruction, a base type or a signature names.</summary>
    public void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition: _found.Add(TypeName.Of(_reader, (TypeDefinitionHandle)handle)); break;
            case HandleKind.TypeReference: _found.Add(TypeName.Of(_reader, (TypeReferenceHandle)handle)); break;
            case HandleKind.TypeSpecification: _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null); break;
            case HandleKind.MethodDefinition: Add(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()); break;
            case HandleKind.FieldDefinition: Add(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()); break;
            case HandleKind.MethodSpecification: AddSpecification(_reader.GetMethodSpecification((MethodSpecificationHandle)handle)); break;
            case HandleKind.MemberReference: AddReference(_reader.GetMemberReference((MemberReferenceHandle)handle)); break;
            case HandleKind.StandaloneSignature: _reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(_signatures, null); break;
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(_signatures, null);
        Add(method.GetCustomAttributes());
        Add(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _assembly.Body(method);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null);
        }

        foreach (var region in body.ExceptionRegions)
        {
            Add(region.CatchType);
        }

        foreach (var operand in InstructionOperands.Tokens(body.GetILReader()))
        {
            Add(operand);
        }
    }

    private void AddSpecification(MethodSpecification specification)
    {
        specification.DecodeSignature(_signatures, null);
        Add(specification.Method);
    }

    private void AddReference(MemberReference member)
    {
        Add(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            member.DecodeMethodSignature(_signatures, null);
        }
        else
        {
            member.DecodeFieldSignature(_signatures, null);
        }
    }

    private void Add(CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            Add(_reader.GetCustomAttribute(handle).Constructor);
        }
    }

    private void Add(GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _reader.GetGenericParameter(parameter).GetConstraints()))
        {
            Add(_reader.GetGenericParameterConstraint(constraint).Type);
        }
    }
}
