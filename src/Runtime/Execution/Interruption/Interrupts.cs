using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>What happens when the Engine's epoch has reached the Store's deadline.</summary>
internal static class Interrupts
{
    /// <summary>Called from loops that find an interruption requested: extends the deadline, or traps.</summary>
    /// <param name="state">The instance whose code is running.</param>
    /// <param name="offset">The loop, as an offset in bytes from the start of the binary.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void DeadlineReached(InstanceState state, int offset) => state.Store.DeadlineReached(offset);

    /// <summary>Called from a function whose frame lies below the Store's <see cref="ControlBlock.StackLimit"/>: because the stack is exhausted, or to look at the deadline.</summary>
    /// <param name="state">The instance whose code is running.</param>
    /// <param name="offset">The function's body, as an offset in bytes from the start of the binary.</param>
    /// <param name="position">An address in the function's frame.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe void EntryRefused(InstanceState state, int offset, nuint position)
    {
        if (position < state.Store.Control->LowestAddress)
        {
            throw Traps.Trap(TrapCode.CallStackExhausted, offset);
        }

        state.Store.DeadlineReached(offset);
    }

    /// <summary>The same as <see cref="DeadlineReached"/> for a check in a loop whose locals were saved: what is returned is thrown, and the loop's handler goes on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Resumption DeadlineReachedInLoop(InstanceState state, int offset)
    {
        state.Store.DeadlineReached(offset);
        return new Resumption();
    }

    /// <summary>The same check for helpers that may run long; a negative offset is none.</summary>
    public static void Poll(InstanceState state, int offset) => PollIn(state.Store, offset < 0 ? null : offset);

    /// <summary>The same, where there is only the Store.</summary>
    public static void PollIn(Store store, int? offset)
    {
        if (store.IsInterruptionDue)
        {
            store.DeadlineReached(offset);
        }
    }
}
