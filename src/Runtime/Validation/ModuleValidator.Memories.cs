namespace HostService.Runtime.Validation;

/// <content>Memories and data segments.</content>
internal sealed partial class ModuleValidator
{
    private const int DefaultPageSizeLog2 = 16;

    private void CheckMemories()
    {
        foreach (var memory in _syntax.Memories)
        {
            if (memory.PageSizeLog2 is not (0 or DefaultPageSizeLog2))
            {
                ThrowInvalid($"invalid custom page size 2^{memory.PageSizeLog2}: it must be 1 or 65536");
            }

            CheckMemorySize(memory);
            if (memory.IsShared && memory.Limits.Maximum is null)
            {
                ThrowInvalid("shared memory must have maximum");
            }
        }
    }

    // A memory may be as large as its addresses can reach. With one-byte pages it stays a page below that, so that its size is a number of the address type.
    private void CheckMemorySize(MemoryType memory)
    {
        var addressBits = memory.Is64 ? 64 : 32;
        var most = memory.PageSizeLog2 == 0 ? ulong.MaxValue >> (64 - addressBits) : 1UL << (addressBits - memory.PageSizeLog2);
        var (minimum, maximum) = (memory.Limits.Minimum, memory.Limits.Maximum);
        if (minimum > most || maximum > most)
        {
            ThrowInvalid(memory is { Is64: false, PageSizeLog2: DefaultPageSizeLog2 }
                ? "memory size must be at most 65536 pages (4GiB)"
                : $"memory size must be at most {most} pages of {1 << memory.PageSizeLog2} bytes");
        }

        CheckOrder(memory.Limits);
    }

    private void CheckOrder(Limits limits)
    {
        if (limits.Maximum < limits.Minimum)
        {
            ThrowInvalid($"size minimum must not be greater than maximum: {limits}");
        }
    }

    private void CheckDataSegments()
    {
        foreach (ref readonly var segment in _syntax.DataSegments.AsSpan())
        {
            if (segment.Mode != Syntax.SegmentMode.Active)
            {
                continue;
            }

            _offset = segment.Offset.Offset;
            if (segment.Memory >= _syntax.Memories.Length)
            {
                ThrowInvalid($"unknown memory {segment.Memory}");
            }

            _constants.Check(segment.Offset, _syntax.Memories[segment.Memory].AddressType, _syntax.Globals.Length);
        }
    }
}
