using System.Buffers.Binary;

namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>A guest's array of buffers to read into or to write from.</summary>
internal readonly ref struct IoVectors
{
    // IOV_MAX of Linux and of wasi-libc. Without a bound one call could walk half a billion empty buffers and see no deadline.
    private const uint MaxCount = 1024;
    private const int EntryBytes = 8;

    // One buffer is handed on in parts no longer than this; the caller sees a short count, which every reader and writer has to expect.
    private const uint MaxPartBytes = 1 << 30;

    private readonly GuestMemory _memory;
    private readonly ReadOnlySpan<byte> _entries;

    private IoVectors(GuestMemory memory, ReadOnlySpan<byte> entries)
    {
        _memory = memory;
        _entries = entries;
    }

    /// <summary>How many buffers there are.</summary>
    public int Count => _entries.Length / EntryBytes;

    /// <summary>Checks the array and all of its buffers.</summary>
    public static Errno Read(GuestMemory memory, uint address, uint count, out IoVectors vectors)
    {
        vectors = default;
        if (count > MaxCount)
        {
            return Errno.Inval;
        }

        if (!memory.TryRead(address, count * EntryBytes, out var entries))
        {
            return Errno.Fault;
        }

        vectors = new IoVectors(memory, entries);
        ulong total = 0;
        for (var i = 0; i < vectors.Count; i++)
        {
            var (start, length) = vectors.Entry(i);
            total += length;
            if (!memory.Contains(start, length))
            {
                return Errno.Fault;
            }
        }

        // The count that is answered is a u32.
        return total > uint.MaxValue ? Errno.Inval : Errno.Success;
    }

    /// <summary>A buffer to fill. False when it isn't inside the memory any more: what was read into an earlier buffer may have changed the array itself.</summary>
    /// <param name="index">Which.</param>
    /// <param name="bytes">Its bytes, or the first of them.</param>
    /// <param name="whole">Whether these are all.</param>
    public bool TryGet(int index, out Span<byte> bytes, out bool whole)
    {
        var (start, length) = Entry(index);
        whole = length <= MaxPartBytes;
        return _memory.TrySlice(start, Math.Min(length, MaxPartBytes), out bytes);
    }

    /// <summary>A buffer to write from.</summary>
    /// <inheritdoc cref="TryGet(int, out Span{byte}, out bool)"/>
    public bool TryGet(int index, out ReadOnlySpan<byte> bytes, out bool whole)
    {
        var (start, length) = Entry(index);
        whole = length <= MaxPartBytes;
        return _memory.TryRead(start, Math.Min(length, MaxPartBytes), out bytes);
    }

    private (uint Start, uint Length) Entry(int index)
    {
        var entry = _entries.Slice(index * EntryBytes, EntryBytes);
        return (BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
    }
}
