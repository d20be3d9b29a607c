using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Interpretation;

/// <summary>Instructions that are not numeric and too rare for the loop: sizes, bulk operations, imported globals, wide arithmetic.</summary>
internal static unsafe class RareInstructions
{
    /// <summary>Executes one: its operands are at the slots from A on, and so are its results.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Execute(InstanceState state, Step* i, ulong* frame)
    {
        var operands = frame + i->A;
        var (first, second, offset) = (i->Low, i->C, i->High);
        switch ((Op)i->B)
        {
            case Op.GlobalGet:
                operands[0] = Imported(state, first);
                break;
            case Op.GlobalSet:
                Imported(state, first) = operands[0];
                break;
            case Op.MemorySize:
                operands[0] = (ulong)Intrinsics.MemorySize(state.Memories[first]);
                break;
            case Op.MemoryGrow:
                operands[0] = (ulong)Intrinsics.MemoryGrow(Index(state.Memories[first].Is64, operands[0]), state.Memories[first], state);
                break;
            case Op.MemoryFill:
                var filled = state.Memories[first];
                Intrinsics.MemoryFill(Index(filled.Is64, operands[0]), (int)operands[1], Index(filled.Is64, operands[2]), filled, state, offset);
                break;
            case Op.MemoryCopy:
                var (to, from) = (state.Memories[first], state.Memories[second]);
                Intrinsics.MemoryCopy(
                    Index(to.Is64, operands[0]), Index(from.Is64, operands[1]), Index(to.Is64 && from.Is64, operands[2]), to, from, state, offset);
                break;
            case Op.MemoryInit:
                var memory = state.Memories[second];
                Intrinsics.MemoryInit(Index(memory.Is64, operands[0]), (uint)operands[1], (uint)operands[2], memory, state, first, offset);
                break;
            case Op.DataDrop:
                Intrinsics.DataDrop(state, first);
                break;
            case Op.TableSize:
                operands[0] = (ulong)Intrinsics.TableSize(state.Tables[first]);
                break;
            case Op.TableCopy:
                var (table, source) = (state.Tables[first], state.Tables[second]);
                Intrinsics.TableCopy(
                    Index(table.Type.Is64, operands[0]), Index(source.Type.Is64, operands[1]), Index(table.Type.Is64 && source.Type.Is64, operands[2]), table, source, offset);
                break;
            case Op.TableInit:
                Intrinsics.TableInit(
                    Index(state.Tables[second].Type.Is64, operands[0]), (uint)operands[1], (uint)operands[2], state.Tables[second], state, first, offset);
                break;
            case Op.ElemDrop:
                Intrinsics.ElemDrop(state, first);
                break;
            default:
                throw new UnreachableException(((Op)i->B).ToString());
        }
    }

    // Intrinsics take every index and count as 64 bits.
    private static ulong Index(bool is64, ulong slot) => is64 ? slot : (uint)slot;

    private static ref ulong Imported(InstanceState state, int global)
    {
        var cell = state.ImportedGlobals[global];
        return ref cell.Numbers[cell.Index];
    }
}
