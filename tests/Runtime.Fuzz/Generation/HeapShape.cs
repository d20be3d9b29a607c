using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>A field of a structure, or the elements of an array.</summary>
/// <param name="PackedBits">8 or 16 for numbers that are kept in so many bits; 0 for a whole value.</param>
/// <param name="Type">The value's type: i32 when packed.</param>
/// <param name="IsMutable">Whether it can be set.</param>
internal sealed record FieldShape(int PackedBits, ValType Type, bool IsMutable)
{
    public WasmWriter Write(WasmWriter writer) => (PackedBits switch
    {
        8 => writer.Byte(0x78),
        16 => writer.Byte(0x77),
        _ => writer.Type(Type),
    }).Byte(IsMutable ? (byte)1 : (byte)0);
}

/// <summary>A type of structures or arrays of a generated module. All are in one recursive group, so each may refer to each.</summary>
/// <param name="Index">Its type index.</param>
/// <param name="Super">The type index of its supertype, or null.</param>
/// <param name="IsArray">Whether it is an array type, with one field.</param>
/// <param name="Fields">Its fields, those of the supertype first.</param>
internal sealed record HeapShape(int Index, int? Super, bool IsArray, ImmutableArray<FieldShape> Fields)
{
    /// <summary>The type of references to it.</summary>
    public ValType Reference => ValTypes.ReferenceTo(Index);

    public WasmWriter Write(WasmWriter writer)
    {
        writer.Byte(0x50).U32(Super is null ? 0u : 1u);
        if (Super is { } super)
        {
            writer.U32((uint)super);
        }

        if (!IsArray)
        {
            writer.Byte(0x5F).U32((uint)Fields.Length);
        }
        else
        {
            writer.Byte(0x5E);
        }

        foreach (var field in Fields)
        {
            field.Write(writer);
        }

        return writer;
    }

    /// <summary>Draws a group of types.</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="first">The index of its first type.</param>
    public static ImmutableArray<HeapShape> Draw(Choices choices, int first)
    {
        var count = 3 + choices.Below(4);
        var group = new List<HeapShape>();
        for (var index = first; index < first + count; index++)
        {
            // One of each kind at least.
            var isArray = index == first + 1 || (index > first + 1 && choices.Chance(40));
            var super = group.Where(known => known.IsArray == isArray).ToList() is { Count: > 0 } candidates && choices.Chance(60) ? choices.Of(candidates) : null;
            var inherited = super?.Fields ?? [];
            // An array's elements are its supertype's.
            var own = isArray ? (super is null ? 1 : 0) : choices.Below(4);
            group.Add(new HeapShape(index, super?.Index, isArray, [.. inherited, .. Enumerable.Range(0, own).Select(_ => Field(choices, first, count, isArray))]));
        }

        return [.. group];
    }

    private static FieldShape Field(Choices choices, int first, int count, bool isElement)
    {
        var packed = choices.Below(6) switch { 0 => 8, 1 => 16, _ => 0 };
        var type = packed != 0 ? ValType.I32 : choices.Below(12) switch
        {
            0 => ValType.V128,
            1 => ValType.AnyRef,
            2 => ValType.EqRef,
            3 => ValType.FuncRef,
            4 => ValType.I31Ref,
            5 or 6 => ValTypes.ReferenceTo(first + choices.Below(count)),
            7 => ValType.ExternRef,
            _ => choices.Number(),
        };
        return new FieldShape(packed, type, isElement || choices.Chance(75));
    }
}
