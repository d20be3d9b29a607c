using System.Runtime.InteropServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Heap;

/// <summary>Estimates how many bytes of a Store's structures, arrays and exceptions are alive, and traps when they pass its limit.</summary>
/// <remarks>
/// The CLR keeps one heap for all Stores and says nothing of whose objects live in it. So every so many allocated bytes one object, the one that was just made, is remembered by a weak handle and stands for the
/// bytes allocated since the one before it; the bytes of those that are still there estimate what is alive. The distance is random, so that a guest cannot tell which of its objects are watched.
/// Not thread-safe, like its Store. See docs/adr/0060.
/// </remarks>
internal sealed class HeapMeter
{
    // A thousand samples at the limit: an estimate is off by a few percent.
    private const ulong SamplesAtLimit = 1_024;
    private const long MinDistance = 1 << 10;
    private const long MaxDistance = 64 << 10;

    private readonly List<(GCHandle Handle, long Bytes)> _samples = [];
    private long _distance;             // between the sample before and the next, as it was last drawn
    private ulong _liveBytes;           // what was alive at the last count and what was allocated since
    private ulong _sinceCollection;     // allocated since this meter last asked for a collection

    /// <summary>Remembers an object that used up the distance to the next sample.</summary>
    /// <param name="store">The Store whose meter this is.</param>
    /// <param name="made">The object.</param>
    /// <param name="offset">The instruction, for the trap; negative when it is not known.</param>
    public void Sample(Store store, object made, int offset)
    {
        var bytes = _distance - store.HeapDistance;
        _samples.Add((GCHandle.Alloc(made, GCHandleType.Weak), bytes));
        _liveBytes += (ulong)bytes;
        _sinceCollection += (ulong)bytes;
        var mean = (long)Math.Clamp(store.Limits.MaxHeapBytes / SamplesAtLimit, (ulong)MinDistance, (ulong)MaxDistance);
        _distance = store.HeapDistance = Random.Shared.NextInt64(mean / 2, mean * 3 / 2);
        Reserve(store, 0, offset);
    }

    /// <summary>Makes sure, before a large object is allocated, that there is room for it.</summary>
    /// <exception cref="TrapException"><see cref="TrapCode.AllocationTooLarge"/>.</exception>
    public void Reserve(Store store, ulong bytes, int offset)
    {
        // At most one collection for each quarter of the limit that was allocated, or a guest that stays just below it would make the process do nothing else. So up to a quarter more may be alive for a while.
        var limit = store.Limits.MaxHeapBytes;
        if (bytes <= limit && _liveBytes + bytes <= limit + (_sinceCollection < limit / 4 ? limit / 4 : 0))
        {
            return;
        }

        if (bytes <= limit)
        {
            Count();
            if (_liveBytes + bytes > limit)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
                _sinceCollection = 0;
                Count();
            }
        }

        if (bytes > limit || _liveBytes + bytes > limit)
        {
            throw new TrapException(TrapCode.AllocationTooLarge, offset < 0 ? null : offset);
        }
    }

    /// <summary>Forgets everything: the Store is gone.</summary>
    public void Clear()
    {
        foreach (var (handle, _) in _samples)
        {
            handle.Free();
        }

        _samples.Clear();
        (_distance, _liveBytes, _sinceCollection) = (0, 0, 0);
    }

    // Drops the samples whose objects were collected.
    private void Count()
    {
        var kept = 0;
        _liveBytes = 0;
        foreach (var sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (sample.Handle.Target is null)
            {
                sample.Handle.Free();
                continue;
            }

            _samples[kept++] = sample;
            _liveBytes += (ulong)sample.Bytes;
        }

        _samples.RemoveRange(kept, _samples.Count - kept);
    }
}
