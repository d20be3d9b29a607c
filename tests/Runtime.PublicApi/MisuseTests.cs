using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Runtime.Wasi.Preview1;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.PublicApi;

/// <summary>What an embedder does wrong is refused where it is done, by an exception that names it.</summary>
public sealed class MisuseTests : IDisposable
{
    private readonly Engine _engine = new();
    private readonly Store _store;

    public MisuseTests() => _store = new Store(_engine);

    public static TheoryData<EngineOptions, string> BadOptions => new()
    {
        { new() { MaxCompilationThreads = 0 }, nameof(EngineOptions.MaxCompilationThreads) },
        { new() { MaxOptimizationThreads = -1 }, nameof(EngineOptions.MaxOptimizationThreads) },
        { new() { Compilation = (CompilationStrategy)77 }, nameof(EngineOptions.Compilation) },
        { new() { BoundsChecks = (BoundsChecks)(-1) }, nameof(EngineOptions.BoundsChecks) },
        { new() { Features = (WasmFeatures)0x100 }, nameof(EngineOptions.Features) },
        { new() { ModuleLimits = null! }, nameof(EngineOptions.ModuleLimits) },
        { new() { Memory = null! }, nameof(EngineOptions.Memory) },
        { new() { Memory = new() { MaxMemories = 0 } }, nameof(MemoryPoolSettings.MaxMemories) },
        { new() { Memory = new() { MaxResidentBytes = -1 } }, nameof(MemoryPoolSettings.MaxResidentBytes) },
        { new() { Memory = new() { MaxResidentBytesPerMemory = -1 } }, nameof(MemoryPoolSettings.MaxResidentBytesPerMemory) },
        { new() { Memory = new() { IdlePeriod = TimeSpan.FromSeconds(-3) } }, nameof(MemoryPoolSettings.IdlePeriod) },
        { new() { Trial = new() { MaxConcurrent = 0 } }, nameof(CompilationTrialOptions.MaxConcurrent) },
    };

    public static TheoryData<MemoryType, string> BadMemories => new()
    {
        { new(new Limits(3, 2)), "minimum must not be greater than maximum" },
        { new(new Limits(65_537, null)), "at most 65536 pages" },
        { new(new Limits(1, 1UL << 33)), "at most 65536 pages" },
        { new(new Limits(1, 2), PageSizeLog2: 5), "custom page size 2^5" },
        { new(new Limits(1, 2), PageSizeLog2: -1), "custom page size 2^-1" },
        { new(new Limits(1UL << 33, null), PageSizeLog2: 0), "pages of 1 bytes" },
        { new(new Limits(1UL << 49, null), Is64: true), "at most 281474976710656 pages" },
        { new(new Limits(1, null), IsShared: true), "must have maximum" },
    };

    public void Dispose()
    {
        _store.Dispose();
        _engine.Dispose();
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Engine_WithASettingOutOfItsRange_NamesIt(EngineOptions options, string setting) =>
        Assert.Equal(setting, Assert.ThrowsAny<ArgumentException>(() => new Engine(options)).ParamName);

    [Fact]
    public void HostFunctions_Unset_AreNone()
    {
        using var engine = new Engine(new EngineOptions { HostFunctions = default });

        Assert.False(new Linker(engine).IsDefined("", ""));
    }

    [Fact]
    public void StoreLimits_OutOfTheirRange_AreNamed()
    {
        Assert.Equal(nameof(StoreLimits.MaxStackBytes), Assert.Throws<ArgumentOutOfRangeException>(() => new StoreLimits { MaxStackBytes = 16_383 }).ParamName);
        Assert.Equal(nameof(StoreLimits.MaxInstances), Assert.Throws<ArgumentOutOfRangeException>(() => StoreLimits.Default with { MaxInstances = -1 }).ParamName);
        Assert.Equal((10_000, 512 << 10), (StoreLimits.Default.MaxInstances, StoreLimits.Default.MaxStackBytes));
    }

    [Theory]
    [MemberData(nameof(BadMemories))]
    public void Memory_OfATypeThatNoModuleCouldDeclare_IsRefused(MemoryType type, string reason)
    {
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new Memory(_store, type)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SharedMemory(_engine, type with { IsShared = true }));
    }

    [Fact]
    public void Table_OfATypeThatNoModuleCouldDeclare_IsRefused()
    {
        string Refused(TableType type) => Assert.Throws<ArgumentException>(() => new Table(_store, type, type.ElementType.IsRef ? Value.FromRef(null) : 0)).Message;

        Assert.Contains("minimum must not be greater than maximum", Refused(new TableType(new Limits(3, 2), ValueType.FuncRef)), StringComparison.Ordinal);
        Assert.Contains("must be references", Refused(new TableType(new Limits(3, 5), ValueType.I32)), StringComparison.Ordinal);
        Assert.Contains("at most 4294967295 elements", Refused(new TableType(new Limits(1, 1UL << 32), ValueType.FuncRef)), StringComparison.Ordinal);
    }

    [Fact]
    public void LimitOnMemory_Refused_SaysWhichAndHowMuchIsTaken()
    {
        using var store = new Store(_engine, new StoreLimits { MaxMemoryBytes = 100_000 });

        Assert.Contains("limit of 100000 bytes for its memories.", Refused(2), StringComparison.Ordinal);
        _ = new Memory(store, new MemoryType(new Limits(1, null)));
        Assert.Contains("limit of 100000 bytes for its memories, of which 65536 are taken", Refused(1), StringComparison.Ordinal);

        string Refused(ulong pages) => Assert.Throws<ResourceLimitException>(() => new Memory(store, new MemoryType(new Limits(pages, null)))).Message;
    }

    [Theory]
    [InlineData("(memory 1 2 shared)", WasmFeatures.Threads)]
    [InlineData("(memory 1 2 (pagesize 1))", WasmFeatures.CustomPageSizes)]
    [InlineData("(memory 1) (func (drop (i32.atomic.load (i32.const 0))))", WasmFeatures.Threads)]
    [InlineData("(func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0)))", WasmFeatures.WideArithmetic)]
    [InlineData("(tag $t) (func try (throw $t) catch_all end)", WasmFeatures.LegacyExceptions)]
    public void Module_OfAProposalThatIsSwitchedOff_SaysWhichItNeeds(string fields, WasmFeatures feature)
    {
        var binary = Wat.ToBinary($"(module {fields})");

        var refused = Assert.Throws<MalformedModuleException>(() => Module.Validate(_engine, binary));

        Assert.Contains($"needs the feature {feature}", refused.Reason, StringComparison.Ordinal);
        using var engine = new Engine(new EngineOptions { Features = feature });
        Module.Validate(engine, binary);
    }

    [Fact]
    public void StoredModule_OfNoBytes_IsNone()
    {
        Assert.Throws<StoredModuleException>(() => Module.Deserialize(_engine, ReadOnlyMemory<byte>.Empty));
        Assert.Throws<StoredModuleException>(() => Module.Deserialize(_engine, Stream.Null));
    }

    [Fact]
    public void Engine_Disposed_TakesNothingMore()
    {
        var binary = Wat.ToBinary("(module (memory 1) (func (export \"f\")))");
        var engine = new Engine();
        byte[] stored;
        using (var module = Module.Compile(engine, binary))
        {
            stored = module.Serialize();
        }

        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Module.Compile(engine, binary));
        Assert.Throws<ObjectDisposedException>(() => Module.Deserialize(engine, stored));
        Assert.Throws<ObjectDisposedException>(() => new Store(engine));
        Assert.Equal("HostService.Runtime.Engine", Assert.Throws<ObjectDisposedException>(() => new SharedMemory(engine, new MemoryType(new Limits(1, 1), IsShared: true))).ObjectName);
    }

    [Fact]
    public void Store_Disposed_TakesNothingMoreAndShowsNothingOfTheNext()
    {
        using var module = Module.Compile(_engine, Wat.ToBinary("(module (memory (export \"m\") 1) (table (export \"t\") 1 funcref) (func (export \"f\")))"));
        var store = new Store(_engine);
        var instance = new Linker(_engine).Instantiate(store, module);
        var (memory, table, function) = (instance.GetMemory("m")!, instance.GetTable("t")!, instance.GetFunction("f")!);
        store.Dispose();
        using var next = new Store(_engine);
        new Linker(_engine).Instantiate(next, module).GetMemory("m")!.Span.Fill(1);

        Assert.Equal((0, 0), (memory.Length, memory.Span.Length));
        Assert.False(memory.TrySlice(0, 1, out _));
        Assert.All<Action>(
            [
                () => function.Call(), () => memory.Grow(1), () => table.Grow(1, Value.FromRef(null)), () => _ = table[0], () => new Linker(_engine).Instantiate(store, module),
                () => _ = new Global(store, new GlobalType(ValueType.I32, true), 1), () => Func.FromHost(store, HostFunction.Create(() => { })), () => _ = new Memory(store, new MemoryType(new Limits(1, 1))),
                store.CheckDeadline, () => GuestProfile.Start(store),
            ],
            use => Assert.Throws<ObjectDisposedException>(use));
    }

    [Fact]
    public void WasiOptions_ThatAGuestCouldNotSee_AreRefused()
    {
        Assert.All<Action>(
            [
                () => _ = new WasiOptions { Arguments = ["program", "a\0b"] }, () => _ = new WasiOptions { Arguments = [null!] }, () => _ = new WasiOptions { Environment = [new("A=B", "c")] },
                () => _ = new WasiOptions { Environment = [new("A", "b\0")] }, () => _ = new WasiOptions { Environment = [new("A", null!)] }, () => _ = WasiOptions.Default with { StandardOutput = null! },
                () => _ = new WasiOptions { StandardInput = null! }, () => _ = new WasiOptions { StandardError = null! }, () => _ = new WasiOptions { TimeProvider = null! },
                () => _ = new WasiOptions { Random = null! }, () => _ = new WasiOptions { Limits = null! },
            ],
            make => Assert.ThrowsAny<ArgumentException>(make));
        Assert.Empty(new WasiOptions { Arguments = default, Environment = default, Preopens = default }.Arguments);
        Assert.Equal("c=d", new WasiOptions { Environment = [new("AB", "c=d")] }.Environment[0].Value);
    }
}
