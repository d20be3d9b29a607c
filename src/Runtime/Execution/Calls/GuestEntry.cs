using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.Calls;

/// <summary>What surrounds every call from the host into a guest: the stack limit going in, and faults made into traps coming out.</summary>
internal static class GuestEntry
{
    // Guests that call the host that calls guests: each turn costs stack that no check of the guest sees, most of all while an exception passes through a host
    // function that catches and rethrows it (8 KiB and more, which the CLR gives back only at the end). Real programs nest a handful.
    private const int MaxDepth = 100;

    /// <summary>Prepares a Store for a call. <see cref="Exit"/> must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(Store store)
    {
        // A guest calls the host, which calls a guest: the outermost call set the limit, and it holds for the whole of this thread's stack.
        if ((uint)(store.EntryDepth - 1) >= MaxDepth - 1)
        {
            EnterOutermostOrNever(store);
        }

        store.EntryDepth++;
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exit(Store store) => store.EntryDepth--;

    /// <summary>What the embedder is to see of an exception that left a guest.</summary>
    /// <remarks>
    /// To be called and thrown after the catch block, never in it: what is thrown in a catch block stays above the stack of what was caught, so that a trap
    /// which passes through many calls from host to guest would use up the stack.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Failure(Store store, Exception thrown)
    {
        if (thrown is HostCallException { InnerException: { } original })
        {
            ExceptionDispatchInfo.Throw(original);
        }

        if (MappingBudget.RefusalBehind(thrown) is { } full)
        {
            ExceptionDispatchInfo.Throw(full);
        }

        var failure = TrapMapper.Map(thrown, store);
        if (failure is not TrapException)
        {
            // Not ours: keep the trace that says where it comes from.
            ExceptionDispatchInfo.Throw(thrown);
        }

        // Thrown anew, so that its trace begins here: the frames up to here are in the trap, and an outer call from the host adds the rest.
        return failure;
    }

    private static unsafe void EnterOutermostOrNever(Store store)
    {
        if (store.EntryDepth > 0)
        {
            throw new TrapException(TrapCode.CallStackExhausted);
        }

        store.ThrowIfDisposed();
        store.Resources.GuestRan = true;
        store.Control->Enter(StackBounds.LimitFor(store.Limits.MaxStackBytes), store.Engine);
    }
}
