using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Image;

/// <summary>Writes metadata signatures (ECMA-335, II.23.2): those of members that are named, and those made of the few types that emitted code knows.</summary>
internal static class SignatureWriter
{
    private const byte LocalSignature = 0x07;
    private const byte Field = 0x06;
    private const byte HasThis = 0x20;

    // Rows of the TypeRef table that signatures name; see ImageMetadata, which adds these first.
    private const int Vector128Row = 1;
    private const int InstanceStateRow = 2;
    private const int GuestExceptionRow = 3;
    private const int RefSlotRow = 4;
    private const int StructObjectRow = 5;
    private const int I31Row = 6;
    private const int ArrayRow = 7;
    private const int ResumptionRow = 8;
    private const int TypeRefTable = 0x01000000;

    /// <summary>The TypeSpec of <c>Vector128&lt;byte&gt;</c> in every image.</summary>
    public const int Vector128Token = 0x1B000001;

    /// <summary>The token of what handlers catch, in every image.</summary>
    public const int GuestExceptionToken = TypeRefTable | GuestExceptionRow;

    /// <summary>The token of an element of an array of references.</summary>
    public const int RefSlotToken = TypeRefTable | RefSlotRow;

    /// <summary>The token of the base of structures.</summary>
    public const int StructObjectToken = TypeRefTable | StructObjectRow;

    /// <summary>The token of small integers that are references.</summary>
    public const int I31Token = TypeRefTable | I31Row;

    /// <summary>The token of the base of arrays.</summary>
    public const int ArrayToken = TypeRefTable | ArrayRow;

    /// <summary>The token of what brings a loop back that was interrupted.</summary>
    public const int ResumptionToken = TypeRefTable | ResumptionRow;

    /// <summary>A type of the IL stack.</summary>
    public static void Write(BlobBuilder blob, ILType type)
    {
        switch (type)
        {
            case ILType.Void: blob.WriteByte((byte)SignatureTypeCode.Void); break;
            case ILType.Int32: blob.WriteByte((byte)SignatureTypeCode.Int32); break;
            case ILType.Int64: blob.WriteByte((byte)SignatureTypeCode.Int64); break;
            case ILType.Float32: blob.WriteByte((byte)SignatureTypeCode.Single); break;
            case ILType.Float64: blob.WriteByte((byte)SignatureTypeCode.Double); break;
            case ILType.Object: blob.WriteByte((byte)SignatureTypeCode.Object); break;
            case ILType.Native: blob.WriteByte((byte)SignatureTypeCode.IntPtr); break;
            case ILType.Reference:
                blob.WriteByte((byte)SignatureTypeCode.ByReference);
                blob.WriteByte((byte)SignatureTypeCode.UInt64);
                break;
            case ILType.Vector128:
                blob.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
                blob.WriteByte((byte)SignatureTypeKind.ValueType);
                blob.WriteCompressedInteger(TypeRefCoded(Vector128Row));
                blob.WriteCompressedInteger(1);
                blob.WriteByte((byte)SignatureTypeCode.Byte);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type.");
        }
    }

    /// <summary>The signature of a structure's field.</summary>
    public static void WriteField(BlobBuilder blob, ElementKind kind)
    {
        blob.WriteByte(Field);
        switch (kind)
        {
            case ElementKind.I8: blob.WriteByte((byte)SignatureTypeCode.Byte); break;
            case ElementKind.I16: blob.WriteByte((byte)SignatureTypeCode.UInt16); break;
            case ElementKind.I32: Write(blob, ILType.Int32); break;
            case ElementKind.I64: Write(blob, ILType.Int64); break;
            case ElementKind.F32: Write(blob, ILType.Float32); break;
            case ElementKind.F64: Write(blob, ILType.Float64); break;
            case ElementKind.V128: Write(blob, ILType.Vector128); break;
            default: Write(blob, ILType.Object); break;
        }
    }

    /// <summary>The signature of a compiled function.</summary>
    public static void WriteFunction(BlobBuilder blob, Signature signature)
    {
        blob.WriteByte(0);
        blob.WriteCompressedInteger(signature.Parameters.Length + 1);
        Write(blob, signature.ReturnType);
        foreach (var parameter in signature.Parameters)
        {
            Write(blob, (ILType)parameter);
        }

        blob.WriteByte((byte)SignatureTypeKind.Class);
        blob.WriteCompressedInteger(TypeRefCoded(InstanceStateRow));
    }

    /// <summary>The signature of a continuation: frame, references, where they begin, state.</summary>
    public static void WriteContinuation(BlobBuilder blob, ILType result)
    {
        blob.WriteByte(0);
        blob.WriteCompressedInteger(4);
        Write(blob, result);
        Write(blob, ILType.Native);
        Write(blob, ILType.Object);
        Write(blob, ILType.Int32);
        blob.WriteByte((byte)SignatureTypeKind.Class);
        blob.WriteCompressedInteger(TypeRefCoded(InstanceStateRow));
    }

    /// <summary>The signature of a method's locals.</summary>
    public static void WriteLocals(BlobBuilder blob, IReadOnlyList<ILType> locals)
    {
        blob.WriteByte(LocalSignature);
        blob.WriteCompressedInteger(locals.Count);
        for (var i = 0; i < locals.Count; i++)
        {
            Write(blob, locals[i]);
        }
    }

    /// <summary>The signature of a field or method of the engine or the class library.</summary>
    public static void WriteMember(BlobBuilder blob, MemberInfo member, Func<Type, TypeReferenceHandle> typeReference)
    {
        if (member is FieldInfo field)
        {
            blob.WriteByte(Field);
            WriteClrType(blob, field.FieldType, typeReference);
            return;
        }

        var method = (MethodInfo)member;
        var parameters = method.GetParameters();
        blob.WriteByte(method.IsStatic ? (byte)0 : HasThis);
        blob.WriteCompressedInteger(parameters.Length);
        WriteClrType(blob, method.ReturnType, typeReference);
        foreach (var parameter in parameters)
        {
            WriteClrType(blob, parameter.ParameterType, typeReference);
        }
    }

    private static void WriteClrType(BlobBuilder blob, Type type, Func<Type, TypeReferenceHandle> typeReference)
    {
        if (type.IsArray)
        {
            blob.WriteByte((byte)SignatureTypeCode.SZArray);
            WriteClrType(blob, type.GetElementType()!, typeReference);
        }
        else if (type.IsPointer || type.IsByRef)
        {
            blob.WriteByte((byte)(type.IsPointer ? SignatureTypeCode.Pointer : SignatureTypeCode.ByReference));
            WriteClrType(blob, type.GetElementType()!, typeReference);
        }
        else if (type.IsGenericType)
        {
            blob.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
            blob.WriteByte((byte)(type.IsValueType ? SignatureTypeKind.ValueType : SignatureTypeKind.Class));
            blob.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(typeReference(type.GetGenericTypeDefinition())));
            blob.WriteCompressedInteger(type.GenericTypeArguments.Length);
            foreach (var argument in type.GenericTypeArguments)
            {
                WriteClrType(blob, argument, typeReference);
            }
        }
        else if (Primitive(type) is { } code)
        {
            blob.WriteByte((byte)code);
        }
        else
        {
            blob.WriteByte((byte)(type.IsValueType ? SignatureTypeKind.ValueType : SignatureTypeKind.Class));
            blob.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(typeReference(type)));
        }
    }

    private static SignatureTypeCode? Primitive(Type type) =>
        type == typeof(void) ? SignatureTypeCode.Void
        : type == typeof(object) ? SignatureTypeCode.Object
        : type == typeof(string) ? SignatureTypeCode.String
        : type == typeof(nint) ? SignatureTypeCode.IntPtr
        : type == typeof(nuint) ? SignatureTypeCode.UIntPtr
        : type.IsEnum ? null
        : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => SignatureTypeCode.Boolean,
            TypeCode.SByte => SignatureTypeCode.SByte,
            TypeCode.Byte => SignatureTypeCode.Byte,
            TypeCode.Int16 => SignatureTypeCode.Int16,
            TypeCode.UInt16 => SignatureTypeCode.UInt16,
            TypeCode.Int32 => SignatureTypeCode.Int32,
            TypeCode.UInt32 => SignatureTypeCode.UInt32,
            TypeCode.Int64 => SignatureTypeCode.Int64,
            TypeCode.UInt64 => SignatureTypeCode.UInt64,
            TypeCode.Single => SignatureTypeCode.Single,
            TypeCode.Double => SignatureTypeCode.Double,
            _ => null,
        };

    private static int TypeRefCoded(int row) => CodedIndex.TypeDefOrRefOrSpec(MetadataTokens.TypeReferenceHandle(row));
}
