using HostService.Runtime.Execution.Calls;

namespace HostService.Runtime.Types;

/// <summary>The type of a value: a number, a vector, or a reference.</summary>
/// <remarks>
/// Four bytes, compared as one integer: the validator copies and compares millions of them.
/// A reference to a defined type is relative to a module (<see cref="HeapKind.Index"/>) inside the decoder and validator and relative to an engine
/// (<see cref="HeapKind.Canonical"/>) everywhere else.
/// <see href="https://webassembly.github.io/spec/core/syntax/types.html#value-types">Spec: value types</see>
/// </remarks>
public readonly struct ValueType : IEquatable<ValueType>
{
    // bits 0..3 ValueKind; for references bit 4 nullable, bits 5..9 HeapKind, bits 10..31 the defined type's index or id.
    private const int NullableBit = 1 << 4;
    private const int HeapShift = 5;
    private const int IdShift = 10;
    private readonly uint _bits;

    private ValueType(uint bits) => _bits = bits;

    /// <summary>The type <c>i32</c>.</summary>
    public static ValueType I32 => new((uint)ValueKind.I32);

    /// <summary>The type <c>i64</c>.</summary>
    public static ValueType I64 => new((uint)ValueKind.I64);

    /// <summary>The type <c>f32</c>.</summary>
    public static ValueType F32 => new((uint)ValueKind.F32);

    /// <summary>The type <c>f64</c>.</summary>
    public static ValueType F64 => new((uint)ValueKind.F64);

    /// <summary>The type <c>v128</c>.</summary>
    public static ValueType V128 => new((uint)ValueKind.V128);

    /// <summary>The type <c>funcref</c>, which is <c>(ref null func)</c>.</summary>
    public static ValueType FuncRef => Ref(new HeapType(HeapKind.Func), nullable: true);

    /// <summary>The type <c>externref</c>, which is <c>(ref null extern)</c>.</summary>
    public static ValueType ExternRef => Ref(new HeapType(HeapKind.Extern), nullable: true);

    /// <summary>The type <c>anyref</c>, which is <c>(ref null any)</c>.</summary>
    public static ValueType AnyRef => Ref(new HeapType(HeapKind.Any), nullable: true);

    /// <summary>The type <c>exnref</c>, which is <c>(ref null exn)</c>.</summary>
    public static ValueType ExnRef => Ref(new HeapType(HeapKind.Exn), nullable: true);

    /// <summary>Number, vector or reference.</summary>
    public ValueKind Kind => (ValueKind)(_bits & 0xF);

    /// <summary>Whether this is a reference type.</summary>
    public bool IsRef => Kind == ValueKind.Ref;

    /// <summary>Whether this is a number type: <c>i32</c>, <c>i64</c>, <c>f32</c> or <c>f64</c>.</summary>
    public bool IsNumber => Kind is >= ValueKind.I32 and <= ValueKind.F64;

    /// <summary>Whether a reference of this type may be null; false for numbers and vectors.</summary>
    public bool IsNullable => (_bits & NullableBit) != 0;

    /// <summary>What a reference of this type refers to. Meaningful only when <see cref="IsRef"/>.</summary>
    public HeapType HeapType => new((HeapKind)((_bits >> HeapShift) & 0x1F), (int)(_bits >> IdShift));

    /// <summary>Whether every local of this type has a default value: all types but references that can't be null.</summary>
    public bool IsDefaultable => !IsRef || IsNullable;

    /// <summary>Makes a reference type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The defined type's index or id is negative or above <see cref="Types.HeapType.MaxId"/>.</exception>
    public static ValueType Ref(HeapType heapType, bool nullable)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)heapType.Id, (uint)Types.HeapType.MaxId, nameof(heapType));
        return new((uint)ValueKind.Ref | (nullable ? (uint)NullableBit : 0) | ((uint)heapType.Kind << HeapShift) | ((uint)heapType.Id << IdShift));
    }

    /// <summary>This reference type with its null taken away; numbers and vectors unchanged.</summary>
    public ValueType AsNonNull() => new(_bits & ~(uint)NullableBit);

    /// <summary>This reference type with null allowed; numbers and vectors unchanged.</summary>
    public ValueType AsNullable() => IsRef ? new(_bits | NullableBit) : this;

    /// <inheritdoc/>
    public bool Equals(ValueType other) => _bits == other._bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_bits;

    /// <summary>Whether both are the same type. Subtyping is not considered.</summary>
    public static bool operator ==(ValueType left, ValueType right) => left._bits == right._bits;

    /// <summary>Whether the types differ. Subtyping is not considered.</summary>
    public static bool operator !=(ValueType left, ValueType right) => left._bits != right._bits;

    /// <summary>The text format's words for this type, such as <c>i32</c>, <c>funcref</c> or <c>(ref 3)</c>.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Ref when IsNullable && !HeapType.IsDefined => AbbreviatedRef(HeapType.Kind),
        ValueKind.Ref => IsNullable ? $"(ref null {HeapType})" : $"(ref {HeapType})",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    private static string AbbreviatedRef(HeapKind kind) => kind switch
    {
        HeapKind.None => "nullref",
        HeapKind.NoFunc => "nullfuncref",
        HeapKind.NoExtern => "nullexternref",
        HeapKind.NoExn => "nullexnref",
        _ => kind.ToString().ToLowerInvariant() + "ref",
    };
}
