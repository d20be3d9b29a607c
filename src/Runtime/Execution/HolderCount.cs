using System.Numerics;

namespace HostService.Runtime.Execution;

/// <summary>How many hold something that is shared by all threads: its owner and its users. Says to the last one out that it was the last.</summary>
/// <remarks>
/// Every instance holds its module, so one number would be written by every processor for every instance, and each would wait for the others' cache line: two
/// threads then made fewer instances than one (measured). Users are therefore counted in stripes, each in cache lines of its own, which nobody sums while the
/// owner is there. When the owner lets go, it closes the stripes and moves their counts to one number, which those who are left count down.
/// Thread-safe.
/// </remarks>
internal sealed class HolderCount
{
    private const int Closed = int.MinValue;

    // More than there can be users: the number can't come to zero before all stripes are added to it.
    private const int Closing = 1 << 30;

    // The first is not used: the array's length, which everybody reads, is in its cache line.
    private readonly Padded<int>[] _stripes = new Padded<int>[1 + StripeCount];
    private int _afterClosing = Closing;
    private int _closed;

    private static int StripeCount { get; } = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, 32));

    /// <summary>Whether the owner has let go.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Counts a user; false when the owner has let go.</summary>
    /// <param name="processor">The one that the caller runs on, or any other number: the same goes to <see cref="Release"/>.</param>
    public bool TryAcquire(int processor)
    {
        ref var users = ref StripeOf(processor);
        for (var seen = Volatile.Read(ref users); seen != Closed;)
        {
            var found = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    /// <summary>Ends what <see cref="TryAcquire"/> began.</summary>
    /// <param name="processor">The number that was given to it.</param>
    /// <returns>Whether nobody holds it any more.</returns>
    public bool Release(int processor)
    {
        ref var users = ref StripeOf(processor);
        for (var seen = Volatile.Read(ref users); seen != Closed;)
        {
            var found = Interlocked.CompareExchange(ref users, seen - 1, seen);
            if (found == seen)
            {
                return false;
            }

            seen = found;
        }

        return Interlocked.Decrement(ref _afterClosing) == 0;
    }

    /// <summary>Lets the owner go; only the first call does something. No user is counted from now on.</summary>
    /// <returns>Whether nobody holds it any more. False too when it was closed before.</returns>
    public bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return false;
        }

        var users = 0;
        foreach (ref var stripe in _stripes.AsSpan(1))
        {
            users += Interlocked.Exchange(ref stripe.Value, Closed);
        }

        return Interlocked.Add(ref _afterClosing, users - Closing) == 0;
    }

    private ref int StripeOf(int processor) => ref _stripes[1 + (processor & (StripeCount - 1))].Value;
}
