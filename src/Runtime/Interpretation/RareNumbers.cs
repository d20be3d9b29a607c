using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Instructions;

namespace HostService.Runtime.Interpretation;

/// <summary>Numeric instructions that are too rare for the loop.</summary>
internal static unsafe class RareNumbers
{
    /// <summary>Executes one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Execute(Step* i, ulong* frame)
    {
        switch (i->Operation)
        {
            case Operation.I32Clz: frame[i->A] = (uint)BitOperations.LeadingZeroCount((uint)frame[i->B]); break;
            case Operation.I32Ctz: frame[i->A] = (uint)BitOperations.TrailingZeroCount((uint)frame[i->B]); break;
            case Operation.I32Popcnt: frame[i->A] = (uint)BitOperations.PopCount((uint)frame[i->B]); break;
            case Operation.I32Rotl: frame[i->A] = (ulong)Intrinsics.I32Rotl((int)frame[i->B], (int)frame[i->C]); break;
            case Operation.I32Rotr: frame[i->A] = (ulong)Intrinsics.I32Rotr((int)frame[i->B], (int)frame[i->C]); break;
            case Operation.I64Clz: frame[i->A] = (ulong)Intrinsics.I64Clz((long)frame[i->B]); break;
            case Operation.I64Ctz: frame[i->A] = (ulong)Intrinsics.I64Ctz((long)frame[i->B]); break;
            case Operation.I64Popcnt: frame[i->A] = (ulong)Intrinsics.I64Popcnt((long)frame[i->B]); break;
            case Operation.I64Rotl: frame[i->A] = (ulong)Intrinsics.I64Rotl((long)frame[i->B], (long)frame[i->C]); break;
            case Operation.I64Rotr: frame[i->A] = (ulong)Intrinsics.I64Rotr((long)frame[i->B], (long)frame[i->C]); break;
            case Operation.F32Abs: *(float*)(frame + i->A) = MathF.Abs(*(float*)(frame + i->B)); break;
            case Operation.F32Ceil: *(float*)(frame + i->A) = MathF.Ceiling(*(float*)(frame + i->B)); break;
            case Operation.F32Floor: *(float*)(frame + i->A) = MathF.Floor(*(float*)(frame + i->B)); break;
            case Operation.F32Trunc: *(float*)(frame + i->A) = MathF.Truncate(*(float*)(frame + i->B)); break;
            case Operation.F32Nearest: *(float*)(frame + i->A) = MathF.Round(*(float*)(frame + i->B)); break;
            case Operation.F32Sqrt: *(float*)(frame + i->A) = MathF.Sqrt(*(float*)(frame + i->B)); break;
            case Operation.F32Neg: *(float*)(frame + i->A) = -*(float*)(frame + i->B); break;
            case Operation.F32Min: *(float*)(frame + i->A) = Intrinsics.F32Min(*(float*)(frame + i->B), *(float*)(frame + i->C)); break;
            case Operation.F32Max: *(float*)(frame + i->A) = Intrinsics.F32Max(*(float*)(frame + i->B), *(float*)(frame + i->C)); break;
            case Operation.F32Copysign: *(float*)(frame + i->A) = MathF.CopySign(*(float*)(frame + i->B), *(float*)(frame + i->C)); break;
            case Operation.F64Abs: *(double*)(frame + i->A) = Math.Abs(*(double*)(frame + i->B)); break;
            case Operation.F64Ceil: *(double*)(frame + i->A) = Math.Ceiling(*(double*)(frame + i->B)); break;
            case Operation.F64Floor: *(double*)(frame + i->A) = Math.Floor(*(double*)(frame + i->B)); break;
            case Operation.F64Trunc: *(double*)(frame + i->A) = Math.Truncate(*(double*)(frame + i->B)); break;
            case Operation.F64Nearest: *(double*)(frame + i->A) = Math.Round(*(double*)(frame + i->B)); break;
            case Operation.F64Sqrt: *(double*)(frame + i->A) = Math.Sqrt(*(double*)(frame + i->B)); break;
            case Operation.F64Neg: *(double*)(frame + i->A) = -*(double*)(frame + i->B); break;
            case Operation.F64Min: *(double*)(frame + i->A) = Intrinsics.F64Min(*(double*)(frame + i->B), *(double*)(frame + i->C)); break;
            case Operation.F64Max: *(double*)(frame + i->A) = Intrinsics.F64Max(*(double*)(frame + i->B), *(double*)(frame + i->C)); break;
            case Operation.F64Copysign: *(double*)(frame + i->A) = Math.CopySign(*(double*)(frame + i->B), *(double*)(frame + i->C)); break;
            case Operation.I32TruncF32S: frame[i->A] = (ulong)Intrinsics.I32TruncF32S(*(float*)(frame + i->B), i->High); break;
            case Operation.I32TruncSatF32S: frame[i->A] = (ulong)Intrinsics.I32TruncSatF32S(*(float*)(frame + i->B)); break;
            case Operation.I32TruncF32U: frame[i->A] = (ulong)Intrinsics.I32TruncF32U(*(float*)(frame + i->B), i->High); break;
            case Operation.I32TruncSatF32U: frame[i->A] = (ulong)Intrinsics.I32TruncSatF32U(*(float*)(frame + i->B)); break;
            case Operation.I32TruncF64S: frame[i->A] = (ulong)Intrinsics.I32TruncF64S(*(double*)(frame + i->B), i->High); break;
            case Operation.I32TruncSatF64S: frame[i->A] = (ulong)Intrinsics.I32TruncSatF64S(*(double*)(frame + i->B)); break;
            case Operation.I32TruncF64U: frame[i->A] = (ulong)Intrinsics.I32TruncF64U(*(double*)(frame + i->B), i->High); break;
            case Operation.I32TruncSatF64U: frame[i->A] = (ulong)Intrinsics.I32TruncSatF64U(*(double*)(frame + i->B)); break;
            case Operation.I64TruncF32S: frame[i->A] = (ulong)Intrinsics.I64TruncF32S(*(float*)(frame + i->B), i->High); break;
            case Operation.I64TruncSatF32S: frame[i->A] = (ulong)Intrinsics.I64TruncSatF32S(*(float*)(frame + i->B)); break;
            case Operation.I64TruncF32U: frame[i->A] = (ulong)Intrinsics.I64TruncF32U(*(float*)(frame + i->B), i->High); break;
            case Operation.I64TruncSatF32U: frame[i->A] = (ulong)Intrinsics.I64TruncSatF32U(*(float*)(frame + i->B)); break;
            case Operation.I64TruncF64S: frame[i->A] = (ulong)Intrinsics.I64TruncF64S(*(double*)(frame + i->B), i->High); break;
            case Operation.I64TruncSatF64S: frame[i->A] = (ulong)Intrinsics.I64TruncSatF64S(*(double*)(frame + i->B)); break;
            case Operation.I64TruncF64U: frame[i->A] = (ulong)Intrinsics.I64TruncF64U(*(double*)(frame + i->B), i->High); break;
            case Operation.I64TruncSatF64U: frame[i->A] = (ulong)Intrinsics.I64TruncSatF64U(*(double*)(frame + i->B)); break;
            case Operation.F32ConvertI32S: *(float*)(frame + i->A) = (int)frame[i->B]; break;
            case Operation.F32ConvertI32U: *(float*)(frame + i->A) = (uint)frame[i->B]; break;
            case Operation.F32ConvertI64S: *(float*)(frame + i->A) = (long)frame[i->B]; break;
            case Operation.F32ConvertI64U: *(float*)(frame + i->A) = Intrinsics.F32ConvertI64U((long)frame[i->B]); break;
            case Operation.F64ConvertI32S: *(double*)(frame + i->A) = (int)frame[i->B]; break;
            case Operation.F64ConvertI32U: *(double*)(frame + i->A) = (uint)frame[i->B]; break;
            case Operation.F64ConvertI64S: *(double*)(frame + i->A) = (long)frame[i->B]; break;
            case Operation.F64ConvertI64U: *(double*)(frame + i->A) = frame[i->B]; break;
            case Operation.F32DemoteF64: *(float*)(frame + i->A) = Intrinsics.F32DemoteF64(*(double*)(frame + i->B)); break;
            case Operation.F64PromoteF32: *(double*)(frame + i->A) = *(float*)(frame + i->B); break;
            default: throw new UnreachableException(i->Operation.ToString());
        }
    }
}
