namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <content>How a reset can do without asking which pages were written: because no others could be.</content>
/// <remarks>
/// Asking costs 0.6 to 1.2 µs, four times as much as all the rest of an instance. But requests of one module write the same pages. So once a number of users
/// in a row wrote to the same few pages, all others of the accessible ones are made read-only: the slot is narrowed to a window. A reset then restores the
/// window, unasked, whoever wrote. The first write outside of it faults; <see cref="Faults.FaultHandlerCode"/> makes the whole memory writable and has the
/// write tried again, and the reset finds that and asks as always. A range that the host is handed is unlocked ahead, because the kernel, which
/// may be what writes there, would report an error in place of a fault.
/// What is true of a narrowed slot: outside of the window no page was written since the mapping, so all have their initial contents.
/// A window costs 4 µs to make and 7 when it breaks, which eight resets unasked pay for: one that did not last as long as it took to earn makes the next take
/// twice as long.
/// <see href="../../../../../docs/adr/0110-write-windows.md">adr/0110</see>
/// </remarks>
internal sealed unsafe partial class ReservedMemorySlot
{
    /// <summary>Pages of a window: copying eight back costs 0.3 µs, less than asking.</summary>
    private const int WindowPages = 8;

    private const int FirstStreak = 8;
    private const int LongestStreak = 4_096;

    // From Base, of how much the fault handler makes all writable at the first write that the system refuses; then 0. Null where there is no handler.
    private readonly ulong* _lockedBytes;

    // The pages that are writable in a narrowed slot; in another, what the last resets in a row found.
    private ulong _windowFrom;
    private ulong _windowUntil;
    private ulong _windowAccessibleBytes;

    // Of the accessible pages, those that the last reset which asked left resident: from the first to the last, and how many bytes.
    private ulong _keptFrom;
    private ulong _keptUntil;
    private long _keptBytes;

    private int _streak;                    // resets in a row that found the same; of a narrowed slot, its users
    private int _streakWanted = FirstStreak;

    private static ulong WindowBytes => (ulong)(WindowPages * Environment.SystemPageSize);

    private bool IsTooWideForAWindow => _lockedBytes != null && _windowUntil - _windowFrom > WindowBytes;

    public override void AllowWrites(ulong from, ulong until)
    {
        if ((from < _windowFrom || until > _windowUntil) && !TryWiden())
            throw Libc.Refused("make a memory writable");
    }

    /// <summary>Restores what a user of a narrowed slot can have written: the window, or a known part of it.</summary>
    /// <returns>False when it wrote elsewhere too. The slot is then no longer narrowed.</returns>
    private bool TryRestoreWindow(ulong from, ulong until)
    {
        if (*_lockedBytes == 0)
        {
            EndWindow();
            return false;
        }

        _streak = Math.Min(_streak + 1, LongestStreak);
        ulong restoredFrom = Math.Max(RoundDown(from), _windowFrom);
        ulong restoredUntil = Math.Min(RoundUp(until), _windowUntil);
        if (restoredFrom < restoredUntil)
            Restore(Base + restoredFrom, Base + restoredUntil);
        Counters.ResetsUnasked++;
        return true;
    }

    /// <summary>Narrows the slot when enough users in a row wrote no pages but the same few.</summary>
    private void NarrowIfWorthwhile(long keepBytes)
    {
        if (_lockedBytes == null)
            return;
        bool isSame = _keptFrom == _windowFrom && _keptUntil == _windowUntil && _accessibleBytes == _windowAccessibleBytes;
        (_windowFrom, _windowUntil, _windowAccessibleBytes) = (_keptFrom, _keptUntil, _accessibleBytes);
        bool isSmall = _windowUntil - _windowFrom <= Math.Min(WindowBytes, (ulong)keepBytes);
        bool isAccessible = _windowUntil <= _accessibleBytes && _accessibleBytes != 0;      // giving pages back may have shortened that
        _streak = isSame && isSmall && isAccessible ? _streak + 1 : 0;
        if (_streak >= _streakWanted)
            Narrow();
    }

    private void ForgetKept() => (_keptFrom, _keptUntil, _keptBytes) = (0, 0, 0);

    /// <summary>Notes pages that stay resident, in the order of their addresses. Those past the accessible ones are zero, and nobody can write them before the slot is widened.</summary>
    private void NoteKept(byte* start, byte* end)
    {
        byte* accessibleEnd = Base + _accessibleBytes;
        if (end > accessibleEnd)
            end = accessibleEnd;
        if (start >= end)
            return;
        if (_keptBytes == 0 || start == Base)
            _keptFrom = (ulong)(start - Base);
        _keptUntil = (ulong)(end - Base);
        _keptBytes += end - start;
    }

    private void Narrow()
    {
        // From here to the end the handler, or whoever widens, undoes whatever part of this is done.
        _streak = 0;
        IsNarrowed = true;
        *_lockedBytes = _accessibleBytes;
        bool isDone = (_windowFrom == 0 || Libc.Protect(Base, (nuint)_windowFrom, Libc.ProtRead) == 0)
            && (_windowUntil == _accessibleBytes || Libc.Protect(Base + _windowUntil, (nuint)(_accessibleBytes - _windowUntil), Libc.ProtRead) == 0);
        if (isDone)
        {
            // Restoring the window makes all of it resident.
            ResidentBytes += (long)(_windowUntil - _windowFrom) - _keptBytes;
        }
        else if (!TryWiden())
        {
            throw Libc.Refused("make a memory writable");
        }
    }

    /// <summary>Makes all that is accessible writable, as it is in a slot that was never narrowed.</summary>
    private bool TryWiden()
    {
        if (!IsNarrowed)
            return true;
        if (*_lockedBytes != 0 && Libc.Protect(Base, (nuint)_accessibleBytes, Libc.ProtReadWrite) != 0)
            return false;
        *_lockedBytes = 0;
        EndWindow();
        return true;
    }

    private void EndWindow()
    {
        _streakWanted = _streak >= _streakWanted ? FirstStreak : Math.Min(2 * _streakWanted, LongestStreak);
        _streak = 0;
        IsNarrowed = false;
    }

    /// <summary>For when the accessible pages go, with their protection.</summary>
    private void ForgetLocks()
    {
        if (_lockedBytes != null)
            *_lockedBytes = 0;
        IsNarrowed = false;
    }

    /// <summary>For a slot whose contents are others now: what is known of its pages is no more so.</summary>
    private void ForgetWritten()
    {
        ForgetKnown();
        _streak = 0;
        _streakWanted = FirstStreak;
    }
}
