using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.LinearMemories;

/// <content>Checked access for the host: spans and pointers that are inside the memory at the time of the call.</content>
internal sealed unsafe partial class LinearMemory
{
    /// <summary>The whole memory, writable. A later growth leaves the span valid but does not lengthen it.</summary>
    /// <exception cref="InvalidOperationException">It is longer than a span can be (2 GiB − 1).</exception>
    public Span<byte> Span
    {
        get
        {
            if (LengthBytes > int.MaxValue)
                throw new InvalidOperationException($"A memory of {LengthBytes} bytes does not fit a span; take parts of it.");
            NoteHostWrite(0, LengthBytes);
            return new Span<byte>(Base, (int)LengthBytes);
        }
    }

    /// <summary>Whether <paramref name="length"/> bytes from <paramref name="address"/> are all inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ulong address, ulong length) => address <= LengthBytes && length <= LengthBytes - address;

    /// <summary>A writable part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not wholly inside.</exception>
    public Span<byte> Slice(ulong address, int length)
    {
        CheckRange(address, length);
        NoteHostWrite(address, (ulong)length);
        return new Span<byte>(Base + address, length);
    }

    /// <summary>A part to read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not wholly inside.</exception>
    public ReadOnlySpan<byte> ReadOnlySlice(ulong address, int length)
    {
        CheckRange(address, length);
        return new ReadOnlySpan<byte>(Base + address, length);
    }

    /// <summary>The native address of a part, for copies longer than a span.</summary>
    /// <returns>False, and null, when the part is not wholly inside.</returns>
    public bool TryGetPointer(ulong address, ulong length, out byte* pointer)
    {
        bool inside = Contains(address, length);
        if (inside)
            NoteHostWrite(address, length);
        pointer = inside ? Base + address : null;
        return inside;
    }

    private void NoteHostWrite(ulong address, ulong length)
    {
        if (length == 0)
            return;
        HostWroteFrom = Math.Min(HostWroteFrom, address);
        HostWroteUntil = Math.Max(HostWroteUntil, address + length);

        // The host may hand the range to the kernel, which reports an error where a guest's store would fault.
        if (_slot is { IsNarrowed: true } slot)
            slot.AllowWrites(address, address + length);
    }

    private void CheckRange(ulong address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!Contains(address, (ulong)length))
            ThrowOutside(address, length);
    }

    private void ThrowOutside(ulong address, int length) => throw new ArgumentOutOfRangeException(
        nameof(address), address, $"{length} bytes at {address} are not inside the memory, which is {LengthBytes} bytes long.");
}
