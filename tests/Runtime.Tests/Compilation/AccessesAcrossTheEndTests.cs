using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.Interruption;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Every load and store traps if any of its bytes is past the end, whatever becomes of its value; and only then.</summary>
public sealed class AccessesAcrossTheEndTests
{
    public static TheoryData<BoundsChecks> Modes => GuardPages.IsSupported ? [BoundsChecks.Explicit, BoundsChecks.GuardPages] : [BoundsChecks.Explicit];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Access_AcrossTheEnd_TrapsForEachWidthOffsetAndConsumer(BoundsChecks mode)
    {
        using var engine = new Engine(new EngineOptions { BoundsChecks = mode });
        using var module = Module.Compile(engine, AccessesAcrossTheEnd.Module(AccessesAcrossTheEnd.All.Select(access => access.Body)));
        using var store = new Store(engine);

        // Two pages, so that there are addresses for the large offset too.
        Instance instance = new Linker(engine).Instantiate(store, module);
        Memory memory = instance.GetMemory("memory")!;
        memory.Grow(1);
        var wrong = new List<string>();
        for (int index = 0; index < AccessesAcrossTheEnd.All.Count; index++)
        {
            AccessesAcrossTheEnd.Access access = AccessesAcrossTheEnd.All[index];
            Func<int, long> function = instance.GetFunction<int, long>($"{index}");
            int last = (int)memory.Length - access.Bytes - access.Offset;
            for (int beyond = 0; beyond <= access.Bytes; beyond++)
            {
                memory.Span[^8..].Clear();
                if (Traps(function, last + beyond) != (beyond > 0))
                    wrong.Add($"{access}, {beyond} bytes past the end");
                if (beyond > 0 && memory.Span[^8..].ContainsAnyExcept((byte)0))
                    wrong.Add($"{access}, {beyond} bytes past the end: wrote part of its value");
            }

            if (!Traps(function, -1))
                wrong.Add($"{access} at the last address");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Store_AcrossTheEndAfterAnother_TrapsWithTheFirstDone(BoundsChecks mode)
    {
        // (i32.store (local.get 0) (i32.const -1)) (i32.store offset=4 (local.get 0) (i32.const -1)) (i64.const 0)
        byte[] body = [0, 0x20, 0, 0x41, 0x7F, 0x36, 0, 0, 0x20, 0, 0x41, 0x7F, 0x36, 0, 4, 0x42, 0, 0x0B];
        using var engine = new Engine(new EngineOptions { BoundsChecks = mode });
        using var module = Module.Compile(engine, AccessesAcrossTheEnd.Module([body]));
        using var store = new Store(engine);
        Instance instance = new Linker(engine).Instantiate(store, module);
        Memory memory = instance.GetMemory("memory")!;
        Func<int, long> function = instance.GetFunction<int, long>("0");

        for (int first = (int)memory.Length - 7; first <= memory.Length - 4; first++)
        {
            memory.Span[^8..].Clear();
            Assert.True(Traps(function, first));
            Assert.Equal(-1, BitConverter.ToInt32(memory.Span.Slice(first, 4)));
            Assert.False(memory.Span[(first + 4)..].ContainsAnyExcept((byte)0));
        }

        Assert.False(Traps(function, (int)memory.Length - 8));
    }

    private static bool Traps(Func<int, long> function, int address)
    {
        try
        {
            function(address);
            return false;
        }
        catch (TrapException trap)
        {
            Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, trap.Code);
            return true;
        }
    }
}
