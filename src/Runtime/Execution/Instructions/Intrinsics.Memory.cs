using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.LinearMemories;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Memory instructions other than loads and stores, and the bounds checks that are not emitted inline.</content>
/// <remarks>Each bulk instruction checks its whole range first, so that one that traps has written nothing.</remarks>
internal static unsafe partial class Intrinsics
{
    /// <summary>How many bytes a bulk operation may process between two looks at the epoch: some tens of microseconds.</summary>
    private const ulong PollBytes = 1 << 20;

    // Above this one look more does not matter; a function without a loop may have a million bulk operations in a row.
    private const ulong PollFirstBytes = 4 << 10;

    /// <summary>The native address of an access in a memory with 64-bit addresses, where any of the additions may overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Address64(ulong address, LinearMemory memory, ulong accessOffset, int bytes, int offset)
    {
        var length = memory.LengthBytes;
        if (address > length || accessOffset > length - address || (ulong)bytes > length - address - accessOffset)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, offset);
        }

        return memory.Base + address + accessOffset;
    }

    /// <summary>The check of an access in a memory with 32-bit addresses, for functions that have too many accesses to branch at each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckBounds(ulong end, LinearMemory memory, int offset)
    {
        if (end > memory.LengthBytes)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MemorySize(LinearMemory memory) => (long)memory.LengthPages;

    public static long MemoryGrow(ulong delta, LinearMemory memory, InstanceState state) => memory.Grow(delta, state.Store.Resources);

    public static void MemoryFill(ulong to, int value, ulong count, LinearMemory memory, InstanceState state, int offset)
    {
        var pointer = Range(memory, to, count, offset);
        PollFirst(count, state, offset);
        while (count > PollBytes)
        {
            NativeMemory.Fill(pointer, (nuint)PollBytes, (byte)value);
            pointer += PollBytes;
            count -= PollBytes;
            Interrupts.Poll(state, offset);
        }

        NativeMemory.Fill(pointer, (nuint)count, (byte)value);
    }

    public static void MemoryCopy(ulong to, ulong from, ulong count, LinearMemory destination, LinearMemory source, InstanceState state, int offset)
    {
        var sourcePointer = Range(source, from, count, offset);
        var pointer = Range(destination, to, count, offset);
        PollFirst(count, state, offset);
        if (count <= PollBytes)
        {
            NativeMemory.Copy(sourcePointer, pointer, (nuint)count);
        }
        else if (pointer > sourcePointer && pointer < sourcePointer + count)
        {
            CopyBackwards(sourcePointer, pointer, count, state, offset);
        }
        else
        {
            CopyForwards(sourcePointer, pointer, count, state, offset);
        }
    }

    public static void MemoryInit(ulong to, ulong from, ulong count, LinearMemory memory, InstanceState state, int segment, int offset)
    {
        var data = state.DataSegment(segment);
        var pointer = Range(memory, to, count, offset);
        if (from > (ulong)data.Length || count > (ulong)data.Length - from)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, offset);
        }

        PollFirst(count, state, offset);

        // A span that is no longer than the data was: both lengths were just checked.
        data.Slice((int)from, (int)count).CopyTo(new Span<byte>(pointer, (int)count));
    }

    public static void DataDrop(InstanceState state, int segment) => state.DropData(segment);

    private static void PollFirst(ulong count, InstanceState state, int offset)
    {
        if (count > PollFirstBytes)
        {
            Interrupts.Poll(state, offset);
        }
    }

    private static byte* Range(LinearMemory memory, ulong address, ulong count, int offset) => memory.Contains(address, count)
        ? memory.Base + address
        : throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, offset);

    private static void CopyForwards(byte* source, byte* destination, ulong count, InstanceState state, int offset)
    {
        for (; count > PollBytes; count -= PollBytes)
        {
            NativeMemory.Copy(source, destination, (nuint)PollBytes);
            source += PollBytes;
            destination += PollBytes;
            Interrupts.Poll(state, offset);
        }

        NativeMemory.Copy(source, destination, (nuint)count);
    }

    private static void CopyBackwards(byte* source, byte* destination, ulong count, InstanceState state, int offset)
    {
        for (; count > PollBytes; count -= PollBytes)
        {
            NativeMemory.Copy(source + count - PollBytes, destination + count - PollBytes, (nuint)PollBytes);
            Interrupts.Poll(state, offset);
        }

        NativeMemory.Copy(source, destination, (nuint)count);
    }
}
