using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace HostService.Runtime.Execution;

/// <summary>What surrounds every call from the host into a guest: the stack limit going in, and faults made into traps coming out.</summary>
internal static class GuestEntry
{
    /// <summary>Prepares a Store for a call. <see cref="Exit"/> must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(Store store)
    {
        // A guest calls the host, which calls a guest: the outermost call set the limit, and it holds for the whole of this thread's stack.
        if (store.EntryDepth == 0)
        {
            EnterOutermost(store);
        }

        store.EntryDepth++;
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exit(Store store) => store.EntryDepth--;

    /// <summary>What the embedder is to see of an exception that left a guest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Failure(Store store, Exception thrown)
    {
        if (thrown is HostCallException { InnerException: { } original })
        {
            ExceptionDispatchInfo.Throw(original);
        }

        var failure = TrapMapper.Map(thrown, store);
        if (ReferenceEquals(failure, thrown))
        {
            // Not ours: keep the trace that says where it comes from.
            ExceptionDispatchInfo.Throw(thrown);
        }

        return failure;
    }

    private static void EnterOutermost(Store store)
    {
        store.ThrowIfDisposed();
        store.Resources.GuestRan = true;
        store.StackLimit = StackBounds.LimitFor(store.Limits.MaxStackBytes);
    }
}
