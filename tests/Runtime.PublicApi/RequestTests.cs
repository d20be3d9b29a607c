using HostService.Runtime.Errors;
using HostService.Support;
using HostService.Runtime.Wasi.Preview1;
using Xunit;

namespace HostService.Runtime.PublicApi;

/// <summary>What a server writes: link once, then a store for each request, with limits, a deadline and a system interface of its own.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly Engine _engine = new(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions });

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Instantiate_TwoStores_ShareNothing()
    {
        var counter = Link("""
            (module (global $n (mut i32) (i32.const 0))
              (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
            """);
        using var first = new Store(_engine);
        using var second = new Store(_engine);
        var nextOfFirst = counter.Instantiate(first).GetFunction<int>("next");
        var nextOfSecond = counter.Instantiate(second).GetFunction<int>("next");

        Assert.Equal([1, 2, 1], [nextOfFirst(), nextOfFirst(), nextOfSecond()]);
    }

    [Fact]
    public void Deadline_OfAFunctionThatNeverReturns_EndsIt()
    {
        var spin = Link("""(module (func (export "spin") (loop (br 0))))""");
        using var store = new Store(_engine);
        store.SetEpochDeadline(1);
        var run = spin.Instantiate(store).GetAction("spin");
        using var clock = new Timer(_ => _engine.IncrementEpoch(), null, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(run).Code);
    }

    [Fact]
    public void Growing_BeyondTheLimit_FailsAndTheGuestGoesOn()
    {
        var grow = Link("""(module (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))""");
        using var store = new Store(_engine, new StoreLimits { MaxMemoryBytes = 2 * 65_536 });
        var run = grow.Instantiate(store).GetFunction<int, int>("grow");

        Assert.Equal([1, -1], [run(1), run(1)]);
    }

    [Fact]
    public void WasiCommand_ReadsItsEnvironmentAndWritesItsAnswer()
    {
        var answer = new MemoryStream();
        var hello = new Linker(_engine).InstantiatePre(Module.Compile(_engine, File.ReadAllBytes(Sample("hello"))));
        using var store = new Store(_engine);
        using var world = new WasiContext(new WasiOptions { Environment = [new("PATH_INFO", "/reader")], StandardOutput = answer });
        store.SetExtension(world);

        hello.Instantiate(store).GetAction("_start")();

        Assert.EndsWith("Hello, reader!\n", System.Text.Encoding.UTF8.GetString(answer.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_AfterTheLastModule_ShowTheHostsTypesOnly()
    {
        var before = _engine.GetStatistics();
        var module = Module.Compile(_engine, Wat.ToBinary("""(module (func (export "odd") (param f32 i64 f32 i64 f32) (result f32) (local.get 0)))"""));
        var during = _engine.GetStatistics();

        module.Dispose();

        Assert.NotEqual(before, during);
        Assert.Equal(before.Signatures, _engine.GetStatistics().Signatures);
    }

    private InstancePre Link(string text) => new Linker(_engine).InstantiatePre(Module.Compile(_engine, Wat.ToBinary(text)));

    private static string Sample(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HostService.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "samples", name, $"{name}.wasm");
    }
}
