using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>The control blocks of all Stores of an Engine. Thread-safe.</summary>
/// <remarks>
/// They are made and freed with the <see cref="StoreResources"/> that Stores borrow, of which there are as many as there were Stores at once: making a Store or calling a guest adds nothing here.
/// Advancing the epoch looks at each.
/// </remarks>
internal sealed unsafe class ControlBlocks
{
    // Two cache lines: processors fetch them in pairs.
    private const int Alignment = 128;

    private readonly Lock _lock = new();
    private nint[] _blocks = new nint[4]; // guarded by _lock, as is _count
    private int _count;

    /// <summary>Makes one.</summary>
    public ControlBlock* Add()
    {
        var block = (ControlBlock*)NativeMemory.AlignedAlloc((nuint)sizeof(ControlBlock), Alignment);
        *block = default;
        block->Reset();
        lock (_lock)
        {
            if (_count == _blocks.Length)
            {
                Array.Resize(ref _blocks, _count * 2);
            }

            block->Index = _count;
            _blocks[_count++] = (nint)block;
        }

        return block;
    }

    /// <summary>Frees one, of which nobody has the address any more.</summary>
    public void Remove(ControlBlock* block)
    {
        lock (_lock)
        {
            var last = (ControlBlock*)_blocks[--_count];
            last->Index = block->Index;
            _blocks[last->Index] = (nint)last;
        }

        NativeMemory.AlignedFree(block);
    }

    /// <summary>Interrupts the Stores whose deadline an epoch reaches that was just written.</summary>
    public void RequestDue(ulong epoch)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                return;
            }

            // A thread that is entering a guest writes its request away and then reads the epoch, without a barrier. This is one for it: either it sees the new epoch,
            // or what it wrote is written by now, and so comes before the request here.
            Interlocked.MemoryBarrierProcessWide();
            for (var i = 0; i < _count; i++)
            {
                var block = (ControlBlock*)_blocks[i];
                if (epoch >= Volatile.Read(ref block->Deadline) && Volatile.Read(ref block->Requested) == 0)
                {
                    block->Request();
                }
            }
        }
    }
}
