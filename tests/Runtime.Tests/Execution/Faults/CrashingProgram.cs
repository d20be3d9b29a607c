using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.LinearMemories.Linux;

using HostService.Runtime.Tests.Trials;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>What a test process does that another test starts to see how it ends.</summary>
internal static unsafe class CrashingProgram
{
    public const string TouchesForeignPage = "touch-foreign-page";
    public const string OverflowsStack = "overflow-stack";
    public const string CatchesFaults = "catch-faults";
    public const string DropsPools = "drop-pools";
    public const string FaultsDuringCollections = "faults-during-collections";
    public const int CaughtExitCode = 42;
    public const int NeverExhaustedExitCode = 44;
    public const int UnsupportedExitCode = 43;

    public static int Main(string[] arguments)
    {
        if (arguments is [TrialChild.Name, ..])
            return TrialChild.Run(arguments[1], arguments[2]);
        if (!GuardPages.IsSupported)
            return UnsupportedExitCode;
        switch (arguments)
        {
            case [TouchesForeignPage]:
                Libc.TryReserve((ulong)Environment.SystemPageSize, out byte* foreign);
                return FaultingCode.LoadByte(foreign, 8);
            case [OverflowsStack]:
                return Recurse(0);
            case [CatchesFaults]:
                for (int i = 0; i < 100; i++)
                {
                    try
                    {
                        FaultingCode.LoadByte(GuardedAddressSpace.Inaccessible, (ulong)i);
                        return 1;
                    }
                    catch (NullReferenceException)
                    {
                        continue;
                    }
                }

                return CaughtExitCode;
            case [DropsPools]:
                for (int i = 0; i < 300; i++)
                {
                    if (!RentsGuardedFromManyPools())
                        return 1;
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }

                return NeverExhaustedExitCode;
            case [FaultsDuringCollections]:
                return FaultsWhileCollected();
            default:
                return 2;
        }
    }

    /// <summary>Faults on two threads while they are stopped for collections again and again, after another library put its handler in front, as Wasmtime does: with an empty mask.</summary>
    private static int FaultsWhileCollected()
    {
        if (!SignalAction.TryGet(SignalAction.SegmentationFault, out SignalAction action))
            return UnsupportedExitCode;
        action.Mask = default;
        SignalAction.TrySet(SignalAction.SegmentationFault, action);
        new Engine().Dispose();

        bool isOver = false;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    FaultingCode.LoadByte(GuardedAddressSpace.Inaccessible, 8);
                }
                catch (NullReferenceException)
                {
                    GuardPages.TryTakeFault(out nuint _);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        for (long end = Environment.TickCount64 + 2_000; Environment.TickCount64 < end;)
            GC.Collect(0, GCCollectionMode.Forced);
        Volatile.Write(ref isOver, true);
        Array.ForEach(threads, thread => thread.Join());
        return CaughtExitCode;
    }

    /// <summary>Takes 80 of the 8,192 guarded places that a process has, and disposes nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RentsGuardedFromManyPools()
    {
        bool areGuarded = true;
        for (int i = 0; i < 20; i++)
        {
            var pool = new MemoryPool(new MemoryPoolOptions { FaultsPastLength = true });
            LinearMemory[] memories = [.. Enumerable.Range(0, 4).Select(_ => pool.Rent(1, null, is64: false, pageSizeLog2: 16, image: null, limiter: null))];
            areGuarded &= memories.All(memory => memory.HasGuard);
            Array.ForEach(memories, memory => pool.Return(memory));
        }

        return areGuarded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth) => Recurse(depth + 1) + (depth & 1);
}
