using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>All that can be done once is done before: an instance costs no look-up, no lock, and little memory.</summary>
public sealed class InstancePreTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Instantiate_SteadyState_AllocatesUnderAKibibyteWhateverTheModulesSize()
    {
        var functions = string.Concat(Enumerable.Repeat("(func (result i32) i32.const 1)", 3_000));
        var imports = string.Concat(Enumerable.Range(0, 50).Select(i => $"(import \"h\" \"f{i}\" (func))"));
        using var small = Compile("(module (memory 1) (data (i32.const 0) \"x\") (func (export \"f\")))");
        using var large = Compile($"(module {imports} (memory 1) (data (i32.const 0) \"x\") (table 3000 funcref) (elem (i32.const 0) 60 61 62) {functions} (func (export \"f\")))");
        var linker = new Linker(_engine);
        for (var i = 0; i < 50; i++)
        {
            linker.DefineFunction("h", $"f{i}", () => { });
        }

        var ofSmall = AllocatedPerInstance(linker.InstantiatePre(small));
        var ofLarge = AllocatedPerInstance(linker.InstantiatePre(large));

        Assert.InRange(ofSmall, 1, 1_024);
        Assert.InRange(ofLarge, 1, 1_024);
    }

    [Fact]
    public void Instantiate_AfterTheLinkerChanged_KeepsWhatWasResolved()
    {
        using var module = Compile("(module (import \"h\" \"f\" (func $f (result i32))) (func (export \"g\") (result i32) call $f))");
        var linker = new Linker(_engine) { AllowShadowing = true };
        var pre = linker.DefineFunction("h", "f", () => 1).InstantiatePre(module);
        linker.DefineFunction("h", "f", () => 2);
        using var store = new Store(_engine);

        Assert.Equal(1, pre.Instantiate(store).GetFunction<int>("g")());
        Assert.Equal(2, linker.Instantiate(store, module).GetFunction<int>("g")());
    }

    [Fact]
    public void Instantiate_ImportOfAnotherStore_IsRefused()
    {
        using var module = Compile("(module (import \"h\" \"m\" (memory 1)))");
        using var owner = new Store(_engine);
        using var other = new Store(_engine);
        var pre = new Linker(_engine).Define("h", "m", new Memory(owner, new Types.MemoryType(new Types.Limits(1, null)))).InstantiatePre(module);

        Assert.Throws<ArgumentException>(() => pre.Instantiate(other));
        Assert.NotNull(pre.Instantiate(owner));
    }

    [Fact]
    public void Instantiate_BeyondTheStoresLimits_IsAResourceLimit()
    {
        using var module = Compile("(module (memory 2) (table 10 funcref))");
        var pre = new Linker(_engine).InstantiatePre(module);

        Assert.Throws<ResourceLimitException>(() => Try(new StoreLimits { MaxMemoryBytes = 65536 }));
        Assert.Throws<ResourceLimitException>(() => Try(new StoreLimits { MaxTableElements = 9 }));
        Assert.Throws<ResourceLimitException>(() => Try(new StoreLimits { MaxInstances = 0 }));
        Assert.Equal(0, _engine.GetStatistics().MemoriesInUse);

        void Try(StoreLimits limits)
        {
            using var store = new Store(_engine, limits);
            pre.Instantiate(store);
        }
    }

    [Fact]
    public void Instantiate_StartTraps_KeepsWhatWasWrittenBefore()
    {
        using var provider = Compile("(module (memory (export \"m\") 1))");
        using var module = Compile("""
            (module (import "p" "m" (memory 1)) (data (i32.const 3) "x")
              (func $start unreachable) (start $start))
            """);
        using var store = new Store(_engine);
        var linker = new Linker(_engine);
        var instance = linker.Instantiate(store, provider);
        linker.DefineInstance("p", instance);

        var trap = Assert.Throws<TrapException>(() => linker.Instantiate(store, module));

        Assert.Equal("start", Assert.Single(trap.Frames).Function);
        Assert.Equal((byte)'x', instance.GetMemory("m")!.Span[3]);
    }

    private long AllocatedPerInstance(InstancePre pre)
    {
        const int Rounds = 200;
        Make(Rounds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Make(Rounds);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;

        void Make(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var store = new Store(_engine);
                pre.Instantiate(store);
            }
        }
    }

    private Module Compile(string text) => Module.Compile(_engine, Wat.ToBinary(text));
}
