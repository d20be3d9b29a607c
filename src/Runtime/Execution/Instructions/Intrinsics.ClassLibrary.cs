using System.Numerics;
using System.Reflection;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Instructions that are exactly a method of the class library which RyuJIT turns into a machine instruction: emitted code calls that method itself.</content>
internal static partial class Intrinsics
{
    /// <summary>Name of the instruction (as in <c>Op</c>) and the method that is its lowering.</summary>
    public static IReadOnlyList<(string Name, MethodInfo Method)> ClassLibrary { get; } =
    [
        ("I32Clz", ((Func<uint, int>)BitOperations.LeadingZeroCount).Method),
        ("I32Ctz", ((Func<uint, int>)BitOperations.TrailingZeroCount).Method),
        ("I32Popcnt", ((Func<uint, int>)BitOperations.PopCount).Method),
        ("F32Abs", ((Func<float, float>)MathF.Abs).Method),
        ("F32Ceil", ((Func<float, float>)MathF.Ceiling).Method),
        ("F32Floor", ((Func<float, float>)MathF.Floor).Method),
        ("F32Trunc", ((Func<float, float>)MathF.Truncate).Method),
        ("F32Nearest", ((Func<float, float>)MathF.Round).Method),
        ("F32Sqrt", ((Func<float, float>)MathF.Sqrt).Method),
        ("F32Copysign", ((Func<float, float, float>)MathF.CopySign).Method),
        ("F64Abs", ((Func<double, double>)Math.Abs).Method),
        ("F64Ceil", ((Func<double, double>)Math.Ceiling).Method),
        ("F64Floor", ((Func<double, double>)Math.Floor).Method),
        ("F64Trunc", ((Func<double, double>)Math.Truncate).Method),
        ("F64Nearest", ((Func<double, double>)Math.Round).Method),
        ("F64Sqrt", ((Func<double, double>)Math.Sqrt).Method),
        ("F64Copysign", ((Func<double, double, double>)Math.CopySign).Method),
        ("I32ReinterpretF32", ((Func<float, int>)BitConverter.SingleToInt32Bits).Method),
        ("I64ReinterpretF64", ((Func<double, long>)BitConverter.DoubleToInt64Bits).Method),
    ];
}
