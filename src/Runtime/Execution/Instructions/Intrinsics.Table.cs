using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Tables;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Table and reference instructions. Indices come zero-extended to 64 bits, whatever the table's address type.</content>
internal static partial class Intrinsics
{
    public static object? TableGet(ulong index, TableInstance table, int offset) => table.Get(index, offset);

    public static void TableSet(ulong index, object? value, TableInstance table, int offset) => table.Set(index, value, offset);

    public static long TableSize(TableInstance table) => table.Length;

    public static long TableGrow(object? value, ulong delta, TableInstance table) => table.Grow(value, delta);

    public static void TableFill(ulong to, object? value, ulong count, TableInstance table, int offset) => table.Fill(to, value, count, offset);

    public static void TableCopy(ulong to, ulong from, ulong count, TableInstance destination, TableInstance source, int offset) =>
        TableInstance.Copy(destination, source, to, from, count, offset);

    public static void TableInit(ulong to, ulong from, ulong count, TableInstance table, InstanceState state, int segment, int offset) =>
        table.Init(state, segment, to, from, count, offset);

    public static void ElemDrop(InstanceState state, int segment) => state.DropElements(segment);

    public static FuncRef RefFunc(InstanceState state, int functionIndex) => state.FunctionRef(functionIndex);

    /// <summary>What an indirect call calls. An element that is made and of exactly the expected type needs four loads and three compares; the table sees to the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FuncRef CallTarget(ulong index, TableInstance table, int typeId, int offset)
    {
        var elements = table.Elements;
        if (index < (ulong)elements.Length)
        {
            // Every element of a table of functions is a FuncRef or null: validation proved it.
            var function = Unsafe.As<FuncRef>(elements[(int)index].Value);
            if (function is not null && function.Signature == typeId)
            {
                return function;
            }
        }

        return table.ResolveCall(index, typeId, offset);
    }

    /// <summary>The state that a reference's code is given: its own, or for a host function the caller's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static InstanceState StateOf(FuncRef function, InstanceState caller) => function.State ?? caller;
}
