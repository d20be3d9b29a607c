namespace HostService.Runtime.Types;

/// <summary>The shape of a <see cref="ValueType"/>: a number, a vector, or a reference.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#value-types">Spec: value types</see></remarks>
public enum ValueKind : byte
{
    /// <summary>No type. The default of <see cref="ValueType"/>; never part of a valid module.</summary>
    None,

    /// <summary>A 32-bit integer, signed or unsigned as the instruction says.</summary>
    I32,

    /// <summary>A 64-bit integer, signed or unsigned as the instruction says.</summary>
    I64,

    /// <summary>A 32-bit IEEE 754 number.</summary>
    F32,

    /// <summary>A 64-bit IEEE 754 number.</summary>
    F64,

    /// <summary>A 128-bit vector, seen as lanes as the instruction says.</summary>
    V128,

    /// <summary>A reference; <see cref="ValueType.HeapType"/> says to what and <see cref="ValueType.IsNullable"/> whether it may be null.</summary>
    Ref,
}
