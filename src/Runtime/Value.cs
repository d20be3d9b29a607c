using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>One WebAssembly value of any type, for calls whose types are known only at run time.</summary>
/// <remarks>
/// A plain struct: nothing is boxed. Reading it as another type than it has throws. The default value is the null of no type and is
/// refused as an argument. Function references are <see cref="Func"/> objects, all other references are any objects.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#values">Spec: values</see>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
[DebuggerDisplay("{ToString(),nq}")]
public struct Value
{
    // Entry trampolines read and write these fields by name.
    internal object? Ref;
    internal ulong Low;
    internal ulong High;
    internal ValueKind KindTag;

    /// <summary>Which of the properties may be read.</summary>
    public readonly ValueKind Kind => KindTag;

    /// <summary>Makes an <c>i32</c>.</summary>
    public static Value FromI32(int value) => new() { KindTag = ValueKind.I32, Low = (uint)value };

    /// <summary>Makes an <c>i64</c>.</summary>
    public static Value FromI64(long value) => new() { KindTag = ValueKind.I64, Low = (ulong)value };

    /// <summary>Makes an <c>f32</c>, bit for bit.</summary>
    public static Value FromF32(float value) => new() { KindTag = ValueKind.F32, Low = BitConverter.SingleToUInt32Bits(value) };

    /// <summary>Makes an <c>f64</c>, bit for bit.</summary>
    public static Value FromF64(double value) => new() { KindTag = ValueKind.F64, Low = BitConverter.DoubleToUInt64Bits(value) };

    /// <summary>Makes a <c>v128</c>.</summary>
    public static Value FromV128(Vector128<byte> value) =>
        new() { KindTag = ValueKind.V128, Low = value.AsUInt64().GetElement(0), High = value.AsUInt64().GetElement(1) };

    /// <summary>Makes a reference: a <see cref="Func"/> for function references, any object for external ones, null for the null of any reference type.</summary>
    public static Value FromRef(object? value) => new() { KindTag = ValueKind.Ref, Ref = value };

    /// <summary>The <c>i32</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly int I32 => (int)Bits(ValueKind.I32);

    /// <summary>The <c>i64</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly long I64 => (long)Bits(ValueKind.I64);

    /// <summary>The <c>f32</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly float F32 => BitConverter.UInt32BitsToSingle((uint)Bits(ValueKind.F32));

    /// <summary>The <c>f64</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly double F64 => BitConverter.UInt64BitsToDouble(Bits(ValueKind.F64));

    /// <summary>The <c>v128</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly Vector128<byte> V128
    {
        get
        {
            var low = Bits(ValueKind.V128);
            return Vector128.Create(low, High).AsByte();
        }
    }

    /// <summary>The reference: null, a <see cref="Func"/>, or what the host gave.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public readonly object? Reference
    {
        get
        {
            Bits(ValueKind.Ref);
            return Ref;
        }
    }

    /// <summary>Makes an <c>i32</c>.</summary>
    public static implicit operator Value(int value) => FromI32(value);

    /// <summary>Makes an <c>i64</c>.</summary>
    public static implicit operator Value(long value) => FromI64(value);

    /// <summary>Makes an <c>f32</c>.</summary>
    public static implicit operator Value(float value) => FromF32(value);

    /// <summary>Makes an <c>f64</c>.</summary>
    public static implicit operator Value(double value) => FromF64(value);

    /// <summary>The type and the number in the text format's words, such as <c>i32.const 5</c>.</summary>
    public override readonly string ToString() => KindTag switch
    {
        ValueKind.I32 => FormattableString.Invariant($"i32.const {I32}"),
        ValueKind.I64 => FormattableString.Invariant($"i64.const {I64}"),
        ValueKind.F32 => FormattableString.Invariant($"f32.const {F32:R}"),
        ValueKind.F64 => FormattableString.Invariant($"f64.const {F64:R}"),
        ValueKind.V128 => $"v128.const i64x2 0x{Low:x16} 0x{High:x16}",
        ValueKind.Ref => Ref is null ? "ref.null" : $"ref {Ref}",
        _ => "no value",
    };

    private readonly ulong Bits(ValueKind kind) => KindTag == kind
        ? Low
        : throw new InvalidOperationException($"The value is {(KindTag == ValueKind.None ? "unset" : KindTag)}, not {kind}.");
}
