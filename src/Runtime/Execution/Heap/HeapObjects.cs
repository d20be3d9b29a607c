using System.Reflection;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Heap;

/// <summary>Makes structures and arrays outside compiled code, for constant expressions.</summary>
internal static class HeapObjects
{
    /// <summary>A structure with the given fields, or with defaults when there are none.</summary>
    public static object NewStruct(SignatureRegistry registry, int id, ReadOnlySpan<Value> values)
    {
        var type = registry.HeapType(id);
        var structure = RuntimeHelpers.GetUninitializedObject(type);
        var fields = ((StructComposite)registry.Composite(id)).Fields;
        for (var i = 0; i < values.Length; i++)
        {
            FindField(type, $"f{i}").SetValue(structure, Box(values[i], ElementKinds.Of(fields[i].Storage)));
        }

        return structure;
    }

    /// <summary>An array whose elements are all one value.</summary>
    public static object NewArray(SignatureRegistry registry, int id, Value value, int length)
    {
        var array = NewArray(registry, id, length);
        Fill(array, KindOf(registry, id), 0, length, value);
        return array;
    }

    /// <summary>An array with the given elements.</summary>
    public static object NewArray(SignatureRegistry registry, int id, ReadOnlySpan<Value> values)
    {
        var array = NewArray(registry, id, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            Fill(array, KindOf(registry, id), i, 1, values[i]);
        }

        return array;
    }

    /// <summary>An array with default elements.</summary>
    public static object NewArray(SignatureRegistry registry, int id, int length) => Array.CreateInstance(registry.HeapType(id), length);

    /// <summary>What a structure takes of the heap.</summary>
    public static int BytesOf(StructComposite type)
    {
        var bytes = Intrinsics.ObjectHeaderBytes;
        foreach (var field in type.Fields)
        {
            bytes += ElementKinds.Bytes(ElementKinds.Of(field.Storage));
        }

        return bytes;
    }

    private static ElementKind KindOf(SignatureRegistry registry, int id) => ElementKinds.Of(((ArrayComposite)registry.Composite(id)).Element.Storage);

    private static void Fill(object array, ElementKind kind, int start, int count, in Value value)
    {
        switch (kind)
        {
            case ElementKind.I8: Intrinsics.ArrayFillI8(array, start, value.I32, count, 0); break;
            case ElementKind.I16: Intrinsics.ArrayFillI16(array, start, value.I32, count, 0); break;
            case ElementKind.I32: Intrinsics.ArrayFillI32(array, start, value.I32, count, 0); break;
            case ElementKind.I64: Intrinsics.ArrayFillI64(array, start, value.I64, count, 0); break;
            case ElementKind.F32: Intrinsics.ArrayFillF32(array, start, value.F32, count, 0); break;
            case ElementKind.F64: Intrinsics.ArrayFillF64(array, start, value.F64, count, 0); break;
            case ElementKind.V128: Intrinsics.ArrayFillV128(array, start, value.V128, count, 0); break;
            default: Intrinsics.ArrayFillRef(array, start, value.Ref, count, 0); break;
        }
    }

    private static FieldInfo FindField(Type type, string name)
    {
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            if (declaring.GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly) is { } field)
            {
                return field;
            }
        }

        throw new MissingFieldException(type.FullName, name);
    }

    private static object? Box(in Value value, ElementKind kind) => kind switch
    {
        ElementKind.I8 => (byte)value.I32,
        ElementKind.I16 => (ushort)value.I32,
        ElementKind.I32 => value.I32,
        ElementKind.I64 => value.I64,
        ElementKind.F32 => value.F32,
        ElementKind.F64 => value.F64,
        ElementKind.V128 => value.V128,
        _ => value.Ref,
    };
}
