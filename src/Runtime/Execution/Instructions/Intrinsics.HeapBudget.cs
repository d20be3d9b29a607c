using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.Instructions;

/// <content>What structures, arrays and exceptions take from the Store's <see cref="StoreLimits.MaxHeapBytes"/>.</content>
internal static partial class Intrinsics
{
    /// <summary>What every object of the CLR has beside its fields.</summary>
    public const int ObjectHeaderBytes = 16;

    // Of arrays as long as this the room is made sure of before they are allocated.
    private const ulong LargeArrayBytes = 32 << 10;

    // An exception of the CLR with its arrays.
    private const int ExceptionBytes = 384;

    /// <summary>Counts an object that was just made: one subtraction and one branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static object Counted(object made, int bytes, InstanceState state, int offset)
    {
        var store = state.Store;
        if ((store.HeapDistance -= bytes) < 0)
        {
            Sample(store, made, offset);
        }

        return made;
    }

    /// <summary>Counts an array that was just made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static object CountedArray(object made, int elementBytes, InstanceState state, int offset)
    {
        var store = state.Store;
        if ((store.HeapDistance -= ObjectHeaderBytes + sizeof(long) + ((long)Unsafe.As<Array>(made).Length * elementBytes)) < 0)
        {
            Sample(store, made, offset);
        }

        return made;
    }

    /// <summary>How many elements a new array is to have, or a trap when the Store has no room for them.</summary>
    public static int ArrayLength(int length, int elementBytes, InstanceState state, int offset)
    {
        var bytes = (ulong)(uint)length * (uint)elementBytes;
        if (bytes > LargeArrayBytes)
        {
            Interrupts.Poll(state, offset);
            if ((uint)length > Array.MaxLength)
            {
                throw Traps.Trap(TrapCode.AllocationTooLarge, offset);
            }

            state.Store.Resources.Heap.Reserve(state.Store, bytes, offset);
        }

        return length;
    }

    // The CLR notes every frame that an exception passes, so how deep it was thrown counts too.
    private static unsafe GuestException CountedException(GuestException exception, InstanceState state, int offset)
    {
        var marker = 0;
        var lowest = state.Store.Control->LowestAddress;
        var left = (nuint)(&marker) > lowest ? (nuint)(&marker) - lowest : 0;
        var used = Math.Max(0, state.Store.Limits.MaxStackBytes - (long)left);
        Counted(exception, (int)(ExceptionBytes + (8 * exception.Numbers.LongLength) + (8 * exception.References.LongLength) + used), state, offset);
        return exception;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sample(Store store, object made, int offset) => store.Resources.Heap.Sample(store, made, offset);
}
