using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Compilation;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests;

/// <summary>A profile says where guests spend their time. Each guest runs until its profile has enough samples, however long that takes.</summary>
public sealed class GuestProfileTests
{
    // Asks the host whether to go on, now and then: in between 30,000 rounds in $hot and 1,000 in $warm.
    private const string HotAndWarm = """
        (module $program
          (import "host" "goes_on" (func $goes_on (result i32)))
          (memory (export "memory") 1 4)
          (func $hot (result i32) (local $i i32)
            (loop $again
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br_if $again (i32.lt_u (local.get $i) (i32.const 30000))))
            (local.get $i))
          (func $warm (result i32) (local $i i32)
            (loop $again
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br_if $again (i32.lt_u (local.get $i) (i32.const 1000))))
            (local.get $i))
          (func $middle (drop (call $hot)) (drop (call $warm)))
          (func (export "run")
            (loop $again
              (call $middle)
              (br_if $again (call $goes_on))))
          (func (export "grow") (drop (memory.grow (i32.const 1)))))
        """;

    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    [InlineData(CompilationStrategy.Interpreted)]
    public void Profile_OfAProgram_NamesTheHotFunctionAndItsCallers(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, Wat.ToBinary(HotAndWarm));
        using var store = new Store(engine);
        GuestProfile? running = null;
        var instance = new Linker(engine).DefineFunction("host", "goes_on", () => running!.SampleCount < 100 ? 1 : 0).Instantiate(store, module);
        using var profile = running = GuestProfile.Start(store, new GuestProfileOptions { Name = "test" });

        instance.GetFunction("run")!.Call();
        profile.Stop();
        var document = Read(profile);

        Assert.True(document.SelfCpuShare("hot") > 0.5, $"{document.SelfCpuShare("hot")}");
        Assert.True(document.TotalShare("run") > 0.99, $"{document.TotalShare("run")}");
        var hot = document.Samples.First(sample => sample.Stack[^1] == "hot");
        Assert.Equal(["run", "middle", "hot"], hot.Stack);
        Assert.Equal(["WebAssembly", "WebAssembly", "WebAssembly"], hot.Categories);
        Assert.Equal(["program", "program", "program"], hot.Modules);
        // The instruction is the loop, whose opcode is 0x03; the interpreter also asks where a function begins.
        var hotPlaces = document.Samples.Where(sample => sample.Stack[^1] == "hot").Select(sample => Wat.ToBinary(HotAndWarm)[sample.Addresses[^1]]).ToList();
        Assert.True(hotPlaces.Count(opcode => opcode == 0x03) > hotPlaces.Count / 2, string.Join(' ', hotPlaces));
        Assert.All(document.Samples, sample => Assert.InRange(sample.Weight, 1, int.MaxValue));
        Assert.All(document.MemoryBytes, bytes => Assert.Equal(65_536, bytes));
        Assert.Equal("test", document.Meta.GetProperty("product").GetString());
    }

    [Fact]
    public void Profile_OfATailCallWithMoreArgumentsThanTheCallersStackHasRoomFor_DoesNotShowTheCaller()
    {
        using var guest = new Guest(
            """
            (module (import "host" "goes_on" (func $goes_on (result i32)))
              (func $hot (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (local $n i32)
                (loop $again
                  (local.set $n (i32.add (local.get $n) (i32.const 1)))
                  (br_if $again (i32.lt_u (local.get $n) (i32.const 1000000)))))
              (func $middle
                (return_call $hot (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10)))
              (func (export "run") (loop $again (call $middle) (br_if $again (call $goes_on)))))
            """,
            link: linker => linker.DefineFunction("host", "goes_on", (Caller caller) => ((GuestProfile)caller.Store.Data!).SampleCount < 20 ? 1 : 0));
        using var profile = GuestProfile.Start(guest.Store);
        guest.Store.Data = profile;

        guest.Call("run");
        profile.Stop();

        Assert.Equal(["run", "hot"], Read(profile).Samples.First(sample => sample.Stack[^1] == "hot").Stack);
    }

    [Fact]
    public void Profile_OfTimeInAHostFunction_ShowsItUnderItsCaller()
    {
        using var guest = new Guest(
            """
            (module (import "host" "waits" (func $waits (result i32)))
              (func $caller (result i32) (call $waits))
              (func (export "run") (loop $again (br_if $again (call $caller)))))
            """,
            link: linker => linker.DefineFunction("host", "waits", (Caller caller) =>
            {
                using var never = new ManualResetEvent(false);
                never.WaitOne(5);
                return ((GuestProfile)caller.Store.Data!).SampleCount < 20 ? 1 : 0;
            }));
        using var profile = GuestProfile.Start(guest.Store);
        guest.Store.Data = profile;

        guest.Call("run");
        profile.Stop();
        var document = Read(profile);

        // It waits, so there is hardly anything but it, each time with the five intervals that it took, and without processor time. On a busy machine the guest waits for a processor now and then.
        Assert.True(2 * document.Samples.Count(taken => taken.Stack[^1] == "host.waits") > document.Samples.Count, $"{document.SelfShare("host.waits")}");
        var sample = document.Samples.First(sample => sample.Stack[^1] == "host.waits");
        Assert.Equal(["run", "caller", "host.waits"], sample.Stack);
        Assert.Equal("Host", sample.Categories[^1]);
        Assert.Null(sample.Modules[^1]);
        Assert.True(document.TotalWeight >= 2 * document.Samples.Count, $"{document.TotalWeight} in {document.Samples.Count}");
        Assert.True(document.Samples.Sum(sample => sample.CpuMicroseconds ?? 0) < 900L * document.TotalWeight);
    }

    [Fact]
    public void Profile_HostFunctionsLinkedWhileItRuns_AreSeenToo_AndWhatTheyThrowIsUnchanged()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (import "host" "untyped" (func $untyped (param i32) (result i32 i64))) (import "host" "throws" (func $throws (param i32)))
              (func (export "run") (result i64) (local $n i64)
                (loop $again
                  (call $untyped (i32.const 7))
                  (local.set $n)
                  (br_if $again))
                (local.get $n))
              (func (export "fail") (call $throws (i32.const 3))))
            """));
        using var store = new Store(engine);
        using var profile = GuestProfile.Start(store);
        using var never = new ManualResetEvent(false);
        var type = new FuncType([ValueType.I32], [ValueType.I32, ValueType.I64]);
        var instance = new Linker(engine)
            .Define("host", "untyped", HostFunction.Create(type, (caller, arguments, results) =>
            {
                never.WaitOne(2);
                results[0] = Value.FromI32(profile.SampleCount < 100 ? 1 : 0);
                results[1] = Value.FromI64(arguments[0].I32 * 6L);
            }))
            .DefineFunction("host", "throws", new Action<int>(number => throw new FormatException($"number {number}")))
            .Instantiate(store, module);

        Assert.Equal(42, instance.GetFunction("run")!.Call()[0].I64);
        Assert.Equal("number 3", Assert.Throws<FormatException>(() => instance.GetFunction("fail")!.Call()).Message);
        profile.Stop();
        Assert.Equal(42, instance.GetFunction("run")!.Call()[0].I64);

        var samples = Read(profile).Samples;
        Assert.True(2 * samples.Count(taken => taken.Stack[^1] == "host.untyped") > samples.Count);
    }

    [Fact]
    public void Profile_OfAStoreThatAnotherStoresGuestCalls_LeavesThatGuestOut()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(HotAndWarm));
        using var caller = Module.Compile(engine, Wat.ToBinary("""(module $caller (import "host" "calls" (func $calls)) (func (export "outer") (call $calls)))"""));
        using var store = new Store(engine);
        using var outer = new Store(engine);
        using var profile = GuestProfile.Start(store);
        var inner = new Linker(engine).DefineFunction("host", "goes_on", () => profile.SampleCount < 20 ? 1 : 0).Instantiate(store, module);

        new Linker(engine).DefineFunction("host", "calls", () => { inner.GetFunction("run")!.Call(); }).Instantiate(outer, caller).GetFunction("outer")!.Call();
        profile.Stop();
        var document = Read(profile);

        Assert.True(document.TotalShare("run") > 0.99, $"{document.TotalShare("run")}");
        Assert.DoesNotContain(document.Samples, sample => sample.Stack.Contains("outer"));
    }

    [Fact]
    public void Profile_LeavesTheDeadlineAsItWas()
    {
        using var guest = new Guest("""(module (func (export "spin") (loop $again (br $again))))""");
        var looks = 0;
        using var profile = GuestProfile.Start(guest.Store);
        using var ticker = new Timer(_ => guest.Engine.IncrementEpoch(), null, 1, 1);
        guest.Store.OnEpochDeadline(_ => profile.SampleCount < 20 || ++looks < 3 ? 1UL : null);
        guest.Store.SetEpochDeadline(2);

        var trap = Assert.Throws<TrapException>(() => guest.Call("spin"));
        profile.Stop();

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.Equal("spin", Assert.Single(trap.Frames).Function);
        Assert.Equal(1.0, Read(profile).SelfShare("spin"));

        // And without a callback: requests for samples alone don't interrupt, the epoch does.
        guest.Store.OnEpochDeadline(null);
        guest.Store.SetEpochDeadline(1);
        Assert.Throws<TrapException>(() => guest.Call("spin"));
    }

    [Fact]
    public void Profile_WithoutADeadline_InterruptsNothing()
    {
        using var guest = new Guest(
            HotAndWarm, link: linker => linker.DefineFunction("host", "goes_on", (Caller caller) => ((GuestProfile)caller.Store.Data!).SampleCount < 50 ? 1 : 0));
        using var profile = GuestProfile.Start(guest.Store);
        guest.Store.Data = profile;
        guest.Store.OnEpochDeadline(_ => throw new InvalidOperationException("The deadline was not reached."));

        guest.Call("run");

        Assert.True(profile.SampleCount >= 50);
    }

    [Fact]
    public void Profile_FullOfSamples_ThinsThemAndKeepsTheirWeight()
    {
        var (most, thinned) = (0, 0);
        using var guest = new Guest(HotAndWarm, link: linker => linker.DefineFunction("host", "goes_on", (Caller caller) =>
        {
            var count = ((GuestProfile)caller.Store.Data!).SampleCount;
            thinned += count < most ? 1 : 0;
            most = count;
            return thinned < 3 ? 1 : 0;
        }));
        using var profile = GuestProfile.Start(guest.Store, new GuestProfileOptions { MaxSamples = 8 });
        guest.Store.Data = profile;

        guest.Call("run");
        profile.Stop();
        var document = Read(profile);

        // Eight samples, then four more each time that they were halved; each stands for one interval at least, and none is lost.
        Assert.InRange(document.Samples.Count, 2, 8);
        Assert.True(document.TotalWeight >= 8 + 4 + 4, $"{document.TotalWeight}");
        Assert.True(document.TotalShare("run") > 0.99);
    }

    [Fact]
    public void Profile_OfADeepRecursion_KeepsTheInnermostFrames()
    {
        // Samples on the way down, as many as a busy machine makes of it, do not count.
        var before = -1;
        using var guest = new Guest(
            """
            (module (import "host" "goes_on" (func $goes_on (result i32)))
              (func $down (param i32)
                (if (local.get 0)
                  (then (call $down (i32.sub (local.get 0) (i32.const 1))) (return)))
                (loop $again (br_if $again (call $goes_on))))
              (func (export "run") (call $down (i32.const 100))))
            """,
            link: linker => linker.DefineFunction("host", "goes_on", (Caller caller) =>
            {
                var samples = ((GuestProfile)caller.Store.Data!).SampleCount;
                before = before < 0 ? samples : before;
                return samples < before + 3 ? 1 : 0;
            }));
        using var profile = GuestProfile.Start(guest.Store, new GuestProfileOptions { MaxFrames = 10 });
        guest.Store.Data = profile;

        guest.Call("run");
        profile.Stop();

        var deep = Read(profile).Samples[^1].Stack;
        Assert.Equal(11, deep.Count);
        Assert.Equal("(outer frames left out)", deep[0]);
        Assert.Equal("down", deep[1]);
    }

    [Fact]
    public void Profile_SeesMemoryGrow()
    {
        using var guest = new Guest(HotAndWarm, link: linker => linker.DefineFunction("host", "goes_on", (Caller caller) =>
        {
            var samples = ((GuestProfile)caller.Store.Data!).SampleCount;
            if (samples >= 10 && caller.Store.MemoryBytes == 65_536)
            {
                caller.GetFunction("grow")!.Call();
            }

            return samples < 20 ? 1 : 0;
        }));
        using var profile = GuestProfile.Start(guest.Store);
        guest.Store.Data = profile;

        guest.Call("run");
        profile.Stop();

        var bytes = Read(profile).MemoryBytes;
        Assert.Equal(65_536, bytes[0]);
        Assert.Equal(2 * 65_536, bytes[^1]);
    }

    [Fact]
    public void Profile_OfNothing_IsADocumentToo()
    {
        using var guest = new Guest(HotAndWarm, link: linker => linker.DefineFunction("host", "goes_on", () => 0));
        using var profile = GuestProfile.Start(guest.Store);

        Assert.Throws<InvalidOperationException>(() => profile.WriteTo(Stream.Null));
        Assert.Throws<InvalidOperationException>(() => GuestProfile.Start(guest.Store));
        profile.Stop();
        Assert.Empty(Read(profile).Samples);

        using var another = GuestProfile.Start(guest.Store);
        guest.Store.Dispose();
        another.WriteTo(Stream.Null);
    }

    [Fact]
    public void Profile_ThatNobodyStops_EndsWithItsStore()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(HotAndWarm));
        var linked = new Linker(engine).DefineFunction("host", "goes_on", () => 0).InstantiatePre(module);
        var thread = StartAndForget(engine, linked);

        for (var i = 0; i < 600 && thread.IsAlive; i++)
        {
            GC.Collect();
            thread.Join(50);
        }

        Assert.False(thread.IsAlive);
        // Nothing of it is in the way of what is linked later.
        new Linker(engine).DefineFunction("host", "later", () => 1);
    }

    // Not inlined, so that no frame keeps the Store.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Thread StartAndForget(Engine engine, InstancePre linked)
    {
        var store = new Store(engine);
        var instance = linked.Instantiate(store);
        var profile = GuestProfile.Start(store);
        instance.GetFunction("run")!.Call();
        return profile.RequestingThread!;
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        using var guest = new Guest("(module)");
        foreach (var wrong in new[]
        {
            new GuestProfileOptions { Interval = TimeSpan.FromMicroseconds(999) }, new GuestProfileOptions { Interval = TimeSpan.FromSeconds(2) },
            new GuestProfileOptions { MaxSamples = 1 }, new GuestProfileOptions { MaxFrames = 0 },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => GuestProfile.Start(guest.Store, wrong));
        }
    }

    private static ProfileDocument Read(GuestProfile profile)
    {
        using var json = new MemoryStream();
        profile.WriteTo(json);
        return ProfileDocument.Parse(json.ToArray());
    }
}
