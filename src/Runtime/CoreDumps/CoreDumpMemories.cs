using HostService.Runtime.Execution.LinearMemories;

namespace HostService.Runtime.CoreDumps;

/// <summary>What of the memories of a Store goes into a dump: the pages that are not all zero, up to a bound.</summary>
internal sealed unsafe class CoreDumpMemories
{
    private const ulong PageBytes = 4096;
    private const byte MemorySection = 5;
    private const byte DataSection = 11;

    // Long enough that their headers do not matter, and short enough for any reader.
    private const ulong MaxSegmentBytes = 16 << 20;

    private readonly List<LinearMemory> _memories = [];
    private readonly List<Segment> _segments = [];

    /// <summary>Whether the bound left something out.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>The index of a memory in the dump. Instances may share one.</summary>
    public int IndexOf(LinearMemory memory)
    {
        var index = _memories.IndexOf(memory);
        if (index < 0)
        {
            index = _memories.Count;
            _memories.Add(memory);
        }

        return index;
    }

    /// <summary>Finds what to write.</summary>
    /// <param name="maxBytes">How many bytes of memory at most.</param>
    public void Scan(long maxBytes)
    {
        var left = (ulong)maxBytes;
        for (var i = 0; i < _memories.Count && !IsPartial; i++)
        {
            Scan(i, ref left);
        }
    }

    /// <summary>The memory section: each memory with its current length.</summary>
    public void WriteTypes(CoreDumpWriter writer)
    {
        const int HasMaximum = 1, Is64 = 4, HasPageSize = 8, UsualPageSizeLog2 = 16;
        var section = new CoreDumpWriter();
        section.Unsigned((ulong)_memories.Count);
        foreach (var memory in _memories)
        {
            // A snapshot is shared with nobody.
            var custom = memory.PageSizeLog2 != UsualPageSizeLog2;
            section.Byte((memory.MaximumPages is null ? 0 : HasMaximum) | (memory.Is64 ? Is64 : 0) | (custom ? HasPageSize : 0));
            section.Unsigned(memory.LengthPages);
            if (memory.MaximumPages is { } maximum)
            {
                section.Unsigned(maximum);
            }

            if (custom)
            {
                section.Unsigned((ulong)memory.PageSizeLog2);
            }
        }

        writer.Section(MemorySection, section);
    }

    /// <summary>The data section, to where the whole dump goes.</summary>
    public void WriteContents(Stream destination)
    {
        var headers = new CoreDumpWriter[_segments.Count];
        var count = new CoreDumpWriter();
        count.Unsigned((ulong)_segments.Count);
        var length = (ulong)count.Bytes.Length;
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = HeaderOf(_segments[i]);
            length += (ulong)headers[i].Bytes.Length + _segments[i].Length;
        }

        var start = new CoreDumpWriter();
        start.Byte(DataSection);
        start.Unsigned(length);
        destination.Write(start.Bytes);
        destination.Write(count.Bytes);
        for (var i = 0; i < headers.Length; i++)
        {
            var segment = _segments[i];
            destination.Write(headers[i].Bytes);
            destination.Write(new ReadOnlySpan<byte>(_memories[segment.Memory].Base + segment.Offset, (int)segment.Length));
        }
    }

    private CoreDumpWriter HeaderOf(in Segment segment)
    {
        const byte Active = 0, ActiveInMemory = 2;
        var header = new CoreDumpWriter();
        header.Byte(segment.Memory == 0 ? Active : ActiveInMemory);
        if (segment.Memory != 0)
        {
            header.Unsigned((ulong)segment.Memory);
        }

        header.Constant(_memories[segment.Memory].Is64 ? Types.ValueKind.I64 : Types.ValueKind.I32, segment.Offset, 0);
        header.Unsigned(segment.Length);
        return header;
    }

    private void Scan(int index, ref ulong left)
    {
        var memory = _memories[index];
        ulong start = 0, end = 0;
        for (ulong page = 0; page < memory.LengthBytes; page += PageBytes)
        {
            var bytes = Math.Min(PageBytes, memory.LengthBytes - page);
            if (!new ReadOnlySpan<byte>(memory.Base + page, (int)bytes).ContainsAnyExcept((byte)0))
            {
                continue;
            }

            if (bytes > left)
            {
                IsPartial = true;
                break;
            }

            left -= bytes;
            if (page != end || end - start >= MaxSegmentBytes)
            {
                Add(index, start, end);
                start = page;
            }

            end = page + bytes;
        }

        Add(index, start, end);
    }

    private void Add(int memory, ulong start, ulong end)
    {
        if (end > start)
        {
            _segments.Add(new Segment(memory, start, end - start));
        }
    }

    private readonly record struct Segment(int Memory, ulong Offset, ulong Length);
}
