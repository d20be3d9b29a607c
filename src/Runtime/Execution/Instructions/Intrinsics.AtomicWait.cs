using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.LinearMemories;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Waiting for other threads, and waking them.</content>
internal static unsafe partial class Intrinsics
{
    public static int MemoryAtomicNotify(byte* address, int count, LinearMemory memory) =>
        memory.Waiters is { } waiters ? (int)waiters.Notify((nuint)address, (uint)count) : 0;

    public static int MemoryAtomicWait32(byte* address, int expected, long timeout, LinearMemory memory, InstanceState state, int offset) =>
        (int)WaitersOf(memory, offset).Wait((nuint)address, () => Volatile.Read(ref *(int*)address) == expected, timeout, state, offset);

    public static int MemoryAtomicWait64(byte* address, long expected, long timeout, LinearMemory memory, InstanceState state, int offset) =>
        (int)WaitersOf(memory, offset).Wait((nuint)address, () => Volatile.Read(ref *(long*)address) == expected, timeout, state, offset);

    private static WaitQueue WaitersOf(LinearMemory memory, int offset) => memory.Waiters ?? throw Traps.Trap(TrapCode.ExpectedSharedMemory, offset);
}
