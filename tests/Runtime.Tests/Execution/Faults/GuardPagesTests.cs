using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Tests.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Faults;

public sealed unsafe class GuardPagesTests
{
    [LinuxX64Fact]
    public void IsSupported_OnLinuxX64_SelfTestPasses() => Assert.True(GuardPages.IsSupported);

    [LinuxX64Fact]
    public void Handler_OfFaults_IsNotInterruptedByCollections()
    {
        Assert.True(GuardPages.IsSupported);
        GuardPages.KeepActivationsOut();
        Assert.True(SignalAction.TryGet(SignalAction.SegmentationFault, out SignalAction action));
        Assert.True(action.Mask.Contains(SignalAction.ActivationSignal));
    }

    [LinuxX64Fact]
    public void Fault_PastTheLength_IsCaughtAndNamesItsAddressOnce()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(1);
        Assert.True(memory.HasGuard);

        Assert.Equal(0, FaultingCode.LoadByte(memory.Base, 65_535));
        Assert.Equal(memory.LengthBytes, FaultOf(memory, 65_536));
        Assert.False(GuardPages.TryTakeFault(out _));
    }

    [LinuxX64Fact]
    public void Fault_AnyIndexPlusAnyOffset_StaysInTheReservation()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength, slots: 3);
        LinearMemory[] memories = [pool.RentPages(1), pool.RentPages(1), pool.RentPages(1)];
        foreach (LinearMemory memory in memories)
        {
            foreach (ulong index in (ulong[])[uint.MaxValue, 1UL + uint.MaxValue, 2UL * uint.MaxValue])
                Assert.Equal(index, FaultOf(memory, index));
        }
    }

    [LinuxX64Fact]
    public void Fault_AccessAcrossTheEnd_WritesNothing()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(1);

        Assert.Throws<NullReferenceException>(() => FaultingCode.StoreLong(memory.Base, 65_529, -1));
        Assert.Throws<NullReferenceException>(() => FaultingCode.LoadLong(memory.Base, 65_529));
        Assert.Equal(0, FaultingCode.LoadLong(memory.Base, 65_528));
        Assert.True(GuardPages.TryTakeFault(out nuint address));
        Assert.Equal((nuint)memory.Base + 65_536, address);      // the first byte that is not there
    }

    [LinuxX64Fact]
    public void Fault_LengthChanges_FollowsIt()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(1);
        Assert.Equal(70_000UL, FaultOf(memory, 70_000));
        memory.Grow(1);
        Assert.Equal(0, FaultingCode.LoadByte(memory.Base, 70_000));
        byte* place = memory.Base;
        pool.Return(memory);

        LinearMemory next = pool.RentPages(1);
        Assert.True(place == next.Base);
        Assert.Equal(70_000UL, FaultOf(next, 70_000));
        Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte(memory.Base, 0));    // a stale handle ends in a fault as well
    }

    [LinuxX64Fact]
    public void Fault_InEmittedCode_IsThrownInTheFrameThatFaulted()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(0);

        var fault = Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte(memory.Base, 0));
        Assert.Equal("load_u8", new System.Diagnostics.StackTrace(fault).GetFrame(0)!.GetMethod()!.Name);
    }

    [LinuxX64Fact]
    public void NullDereference_WithTheHandlerInstalled_IsNotTakenForAFault()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(0);
        Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte(memory.Base, 0));     // and nobody asks where

        Assert.Throws<NullReferenceException>(() => FaultingCode.LengthOf(null));
        Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte(null, 16));
        Assert.False(GuardPages.TryTakeFault(out _));
    }

    [LinuxX64Fact]
    public void Hammer_FaultsOnManyThreadsDuringCollections_AllCaughtWithTheirAddresses()
    {
        const int Threads = 4;
        const int FaultsPerThread = 1_500;
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength, slots: Threads);
        using var done = new CountdownEvent(Threads);
        int caught = 0;
        int located = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            LinearMemory memory = pool.RentPages(1);
            for (int i = 0; i < FaultsPerThread; i++)
            {
                byte[] garbage = new byte[random.Next(2_000)];
                ulong index = 65_536 + (ulong)random.NextInt64(0x1_FFFE_FFFF);
                try
                {
                    garbage[0] = (byte)FaultingCode.LoadByte(memory.Base, index);
                }
                catch (NullReferenceException)
                {
                    Interlocked.Increment(ref caught);
                    if (GuardPages.TryTakeFault(out nuint address) && address == (nuint)memory.Base + index)
                        Interlocked.Increment(ref located);
                }
            }

            pool.Return(memory);
            done.Signal();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        while (!done.IsSet)
        {
            GC.Collect();
            done.Wait(TimeSpan.FromMilliseconds(1));
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(Threads * FaultsPerThread, caught);
        Assert.Equal(Threads * FaultsPerThread, located);
    }

    [LinuxX64Fact]
    public void Faults_OfMoreThreadsThanFindEntriesOfTheirOwn_AllKeepTheirAddresses()
    {
        // By their hashes, some of so many threads begin at the same of 1,024 entries but once in 100,000 times.
        const int Threads = 150;
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(1);
        nuint place = (nuint)memory.Base;
        using var haveFaulted = new Barrier(Threads);
        int located = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            ulong index = 65_536 + (ulong)number;
            for (int round = 0; round < 2; round++)
            {
                Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte((byte*)place, index));
                haveFaulted.SignalAndWait();
                if (GuardPages.TryTakeFault(out nuint address) && address == place + (nuint)index && !GuardPages.TryTakeFault(out _))
                    Interlocked.Increment(ref located);
            }
        }, maxStackSize: 256 * 1_024))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(2 * Threads, located);
    }

    private static ulong FaultOf(LinearMemory memory, ulong index)
    {
        Assert.Throws<NullReferenceException>(() => FaultingCode.LoadByte(memory.Base, index));
        Assert.True(GuardPages.TryTakeFault(out nuint address));
        return address - (nuint)memory.Base;
    }
}
