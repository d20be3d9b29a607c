using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <content>How a used slot becomes as it was before.</content>
/// <remarks>
/// The kernel lists the pages written since the slot was mapped, not since the last reset. So a page once written is copied back at every reset until it is
/// given back. That is cheap (70 ns, against 1.5 µs for a page fault) but adds up when one heavy use is followed by light ones: every 64th reset therefore
/// compares before it copies, and gives the pages back that were as they should be already. So it does with few pages, too, if they are too far apart for a window.
/// </remarks>
internal sealed unsafe partial class ReservedMemorySlot
{
    private const int RunCapacity = 64;
    private const int ResetsPerSweep = 64;
    private const long SweepAboveBytes = 64 << 10;

    // Reading entries costs 0.4 µs per MiB, whether or not pages are there.
    private const ulong EntriesUpToBytes = 256 << 20;

    // A range of more pages is left to the kernel, which finds the few of them that were written.
    private const int KnownPages = 4;

    private int _resetsSinceSweep;

    // The few pages that the last reset which looked at the whole memory knew to be the only ones written, so that they are counted in ResidentBytes.
    private ulong _knownFrom;
    private ulong _knownUntil;

    /// <remarks>
    /// The kernel need not be asked which of a few known pages were written. It is for each range that isn't part of the last one, so that pages that become
    /// resident are counted (what a slot keeps may be <see cref="KnownPages"/> more), and when a sweep is due.
    /// </remarks>
    public override bool TryRestore(ulong from, ulong until)
    {
        if (IsNarrowed && TryRestoreWindow(from, until))
            return true;
        if (from < _knownFrom || until > _knownUntil || SweepIsDue)
        {
            (_knownFrom, _knownUntil) = (RoundDown(from), RoundUp(until));
            if (_knownUntil - _knownFrom > (ulong)(KnownPages * Environment.SystemPageSize))
                ForgetKnown();
            return false;
        }

        _resetsSinceSweep++;
        Restore(Base + RoundDown(from), Base + RoundUp(until));
        return true;
    }

    public override void Reset(ulong lengthBytes, long keepBytes)
    {
        if (!TryWiden())
            throw Libc.Refused("make a memory writable");
        byte* writtenEnd = Base + Math.Min(RoundUp(lengthBytes), _accessibleBytes);
        if (keepBytes <= 0)
        {
            GiveBackFrom(Base);
            ForgetWritten();
            ResidentBytes = 0;
        }
        else if (_tracking == PageTracking.Scan || (_tracking == PageTracking.Entries && _touchedBytes <= EntriesUpToBytes))
        {
            ResidentBytes = RestoreWrittenPages(writtenEnd, keepBytes);
            NarrowIfWorthwhile(keepBytes);
        }
        else
            ResidentBytes = RestoreUntracked(writtenEnd);
    }

    /// <summary>Copies back what the kernel says was written, and gives the rest back beyond <paramref name="keepBytes"/>.</summary>
    /// <returns>The bytes that stay resident.</returns>
    [SkipLocalsInit]
    private long RestoreWrittenPages(byte* writtenEnd, long keepBytes)
    {
        bool sweeps = SweepIsDue;
        _resetsSinceSweep = sweeps ? 0 : _resetsSinceSweep + 1;

        PageRun* runs = stackalloc PageRun[RunCapacity];
        long keptBytes = 0;
        byte* end = Base + _touchedBytes;
        ForgetKept();
        for (byte* start = Base; start < end;)
        {
            int found = WrittenPages.Find(_tracking, start, end, runs, RunCapacity, out byte* foundUntil);
            if (found < 0 || foundUntil <= start)
                throw Libc.Refused("say which pages of a memory were written");
            for (int i = 0; i < found; i++)
            {
                byte* runStart = runs[i].Start;
                byte* runEnd = runs[i].End;
                long roomBytes = keepBytes - keptBytes;
                bool overflows = runEnd - runStart > roomBytes;
                if (overflows)
                    runEnd = runStart + (roomBytes & -Environment.SystemPageSize);
                keptBytes += runEnd - runStart;
                NoteKept(runStart, runEnd);

                // Past the user's length pages are zero already: they only count as kept.
                byte* restoredEnd = runEnd < writtenEnd ? runEnd : writtenEnd;
                if (runStart < restoredEnd)
                {
                    if (sweeps)
                        keptBytes -= RestoreOrGiveBack(runStart, restoredEnd);
                    else if (runs[i].IsCertain)
                        Restore(runStart, restoredEnd);
                    else
                        RestoreWhereChanged(runStart, restoredEnd);
                }

                if (overflows)
                {
                    NoteKept(Base, Base + _accessibleBytes);        // so many were written that nothing is known of the next user's
                    GiveBackFrom(runEnd);
                    return keptBytes;
                }
            }

            start = foundUntil;
        }

        return keptBytes;
    }

    private void ForgetKnown() => (_knownFrom, _knownUntil) = (0, 0);

    private bool SweepIsDue => _resetsSinceSweep >= ResetsPerSweep - 1 && (ResidentBytes > SweepAboveBytes || IsTooWideForAWindow);

    private long RestoreUntracked(byte* writtenEnd)
    {
        byte* copiedEnd = writtenEnd - Base > _copyThresholdBytes ? Base + (_copyThresholdBytes & -Environment.SystemPageSize) : writtenEnd;
        Restore(Base, copiedEnd);
        if (copiedEnd < writtenEnd)
            GiveBack(copiedEnd, writtenEnd);
        return copiedEnd - Base;
    }

    /// <summary>Writes the initial contents over a range.</summary>
    private void Restore(byte* start, byte* end)
    {
        Counters.RestoredBytes += end - start;
        if (Image is { MappedBytes: > 0 } image)
        {
            byte* imageStart = Base + image.StartBytes;
            byte* imageEnd = imageStart + image.MappedBytes;
            byte* copyStart = start > imageStart ? start : imageStart;
            byte* copyEnd = end < imageEnd ? end : imageEnd;
            if (copyStart < copyEnd)
            {
                long length = copyEnd - copyStart;
                Buffer.MemoryCopy(image.Bytes + (copyStart - imageStart), copyStart, length, length);
                if (start < copyStart)
                    NativeMemory.Clear(start, (nuint)(copyStart - start));
                if (copyEnd < end)
                    NativeMemory.Clear(copyEnd, (nuint)(end - copyEnd));
                return;
            }
        }

        NativeMemory.Clear(start, (nuint)(end - start));
    }

    /// <summary>As <see cref="Restore"/>, but leaves pages alone that hold their initial contents: writing to the shared page of zeros would fault.</summary>
    private void RestoreWhereChanged(byte* start, byte* end)
    {
        int pageBytes = Environment.SystemPageSize;
        for (byte* page = start; page < end; page += pageBytes)
        {
            if (!HasInitialContents(page, pageBytes))
                Restore(page, page + pageBytes);
        }
    }

    /// <summary>As <see cref="Restore"/>, but gives pages back that hold their initial contents already.</summary>
    /// <returns>The bytes given back.</returns>
    private long RestoreOrGiveBack(byte* start, byte* end)
    {
        int pageBytes = Environment.SystemPageSize;
        long givenBackBytes = 0;
        byte* pending = start;      // pages from here to the current one are unwritten
        for (byte* page = start; page < end; page += pageBytes)
        {
            if (HasInitialContents(page, pageBytes))
                continue;
            givenBackBytes += GiveBack(pending, page);
            Restore(page, page + pageBytes);
            pending = page + pageBytes;
        }

        return givenBackBytes + GiveBack(pending, end);
    }

    private bool HasInitialContents(byte* page, int pageBytes)
    {
        var contents = new ReadOnlySpan<byte>(page, pageBytes);
        if (Image is { } image && page >= Base + image.StartBytes && page < ImageEnd)
            return contents.SequenceEqual(new ReadOnlySpan<byte>(image.Bytes + (page - Base - (long)image.StartBytes), pageBytes));
        return !contents.ContainsAnyExcept((byte)0);
    }

    /// <summary>Drops written pages: the image's contents, or zeros, take their place.</summary>
    private long GiveBack(byte* start, byte* end)
    {
        if (start == end)
            return 0;
        if (Image is { FileDescriptor: < 0 } && start < ImageEnd)
        {
            // A copied image is not there to show through.
            Restore(start, end);
            return 0;
        }

        Counters.Discards++;
        if (Libc.Advise(start, (nuint)(end - start), Libc.MadvDontNeed) != 0)
            throw Libc.Refused("take the pages of a memory back");     // such as locked pages; the slot is retired
        return end - start;
    }

    private void GiveBackFrom(byte* start)
    {
        byte* imageEnd = ImageEnd;
        if (start < imageEnd)
            GiveBack(start, imageEnd);
        if (!TryDropFrom(start > imageEnd ? start : imageEnd))
            throw Libc.Refused("take the pages of a memory back");
    }
}
