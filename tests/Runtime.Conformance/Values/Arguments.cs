using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace HostService.Runtime.Conformance.Values;

/// <summary>Turns the arguments of a script into the engine's values.</summary>
internal static class Arguments
{
    /// <exception cref="NotSupportedException">A value is none that a core function takes.</exception>
    public static Value[] Convert(ImmutableArray<ScriptValue> arguments, HostObjects objects) => [.. arguments.Select(argument => Convert(argument, objects))];

    private static Value Convert(ScriptValue argument, HostObjects objects) => argument switch
    {
        NumberValue { Type: "i32" } number => Value.FromI32((int)number.Bits),
        NumberValue { Type: "i64" } number => Value.FromI64((long)number.Bits),
        NumberValue { Type: "f32" } number => Value.FromF32(BitConverter.UInt32BitsToSingle((uint)number.Bits)),
        NumberValue { Type: "f64" } number => Value.FromF64(BitConverter.UInt64BitsToDouble(number.Bits)),
        VectorValue vector => Value.FromV128(Pack(vector)),
        NullValue => Value.FromRef(null),
        HostValue host => Value.FromRef(objects[host.Number]),
        _ => throw new NotSupportedException($"no argument: {argument}"),
    };

    private static Vector128<byte> Pack(VectorValue vector)
    {
        UInt128 bits = 0;
        for (var lane = vector.Lanes.Length - 1; lane >= 0; lane--)
        {
            bits = vector.Lanes[lane] is NumberValue number
                ? (bits << number.Width) | number.Bits
                : throw new NotSupportedException($"no argument: {vector}");
        }

        return Vector128.Create((ulong)bits, (ulong)(bits >> 64)).AsByte();
    }
}
