using System.Diagnostics;
using System.Runtime.CompilerServices;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Interpretation;

/// <summary>Loads and stores in memories other than the first, or with 64-bit addresses.</summary>
internal static unsafe class MemoryInstructions
{
    /// <summary>Executes one.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="i">The step; the memory access' offset is in the next one.</param>
    /// <param name="frame">Address and value are at the slots from A on, and so is what was loaded.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Access(InstanceState state, Step* i, ulong* frame)
    {
        var op = (Op)i->Low;
        var memory = state.Memories[i->C];
        var operands = frame + i->A;
        var address = Intrinsics.Address64(
            memory.Is64 ? operands[0] : (uint)operands[0], memory, i[1].Immediate, InstructionTable.Get(op).Lowering.AccessBytes, i->High);
        switch (op)
        {
            case Op.I32Load8S or Op.I64Load8S: operands[0] = (ulong)*(sbyte*)address; break;
            case Op.I32Load8U or Op.I64Load8U: operands[0] = *address; break;
            case Op.I32Load16S or Op.I64Load16S: operands[0] = (ulong)*(short*)address; break;
            case Op.I32Load16U or Op.I64Load16U: operands[0] = *(ushort*)address; break;
            case Op.I64Load32S: operands[0] = (ulong)*(int*)address; break;
            case Op.I32Load or Op.F32Load or Op.I64Load32U: operands[0] = *(uint*)address; break;
            case Op.I64Load or Op.F64Load: operands[0] = *(ulong*)address; break;
            case Op.I32Store8 or Op.I64Store8: *address = (byte)operands[1]; break;
            case Op.I32Store16 or Op.I64Store16: *(ushort*)address = (ushort)operands[1]; break;
            case Op.I32Store or Op.F32Store or Op.I64Store32: *(uint*)address = (uint)operands[1]; break;
            case Op.I64Store or Op.F64Store: *(ulong*)address = operands[1]; break;
            default: throw new UnreachableException(op.ToString());
        }
    }
}
