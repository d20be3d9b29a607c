using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>An Engine with modules that come and go while threads use them.</summary>
internal sealed class StressWorld : IDisposable
{
    private const int Places = 4;

    private static readonly CompilationStrategy[] s_strategies =
        [CompilationStrategy.Optimized, CompilationStrategy.Baseline, CompilationStrategy.Tiered, CompilationStrategy.Interpreted];

    private readonly StressModule?[] _modules = new StressModule?[Places];
    private readonly Thread _clock;
    private readonly SharedMemory?[] _memories = new SharedMemory?[2];
    private volatile bool _ends;

    /// <summary>Makes an Engine with settings by chance.</summary>
    public StressWorld(Random random)
    {
        var strategy = s_strategies[random.Next(s_strategies.Length)];
        Options = new EngineOptions
        {
            Features = WasmFeatures.Threads,
            Compilation = strategy,
            BoundsChecks = random.Next(3) == 0 ? BoundsChecks.Explicit : BoundsChecks.Automatic,
            InterpretsFirstFromBytes = random.Next(2) == 0 ? 0 : int.MaxValue,
            HandsOverAfter = random.Next(3) == 0 ? 2 : 0,
            MaxOptimizationThreads = random.Next(1, 4),
            Memory = new MemoryPoolSettings
            {
                MaxMemories = random.Next(4, 20),
                MaxResidentBytesPerMemory = random.Next(3) == 0 ? 8_192 : 1 << 20,
                MaxResidentBytes = random.Next(3) == 0 ? 0 : 256 << 20,
                IdlePeriod = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 2 : 30_000),
            },
        };
        Engine = new Engine(Options);
        Sharer = Module.Compile(Engine, StressGuest.Sharer);
        _clock = new Thread(Tick) { IsBackground = true, Name = "stress clock" };
        _clock.Start();
    }

    public EngineOptions Options { get; }

    public Engine Engine { get; }

    /// <summary>Works on shared memories; lives as long as the Engine.</summary>
    public Module Sharer { get; }

    /// <summary>One of the modules, which any other thread may dispose at any moment.</summary>
    public StressModule AnyModule(Random random)
    {
        ref var place = ref _modules[random.Next(Places)];
        if (Volatile.Read(ref place) is { } there && random.Next(20) != 0)
        {
            return there;
        }

        var made = new StressModule(Engine, random.Next(StressGuest.Count), random);
        Interlocked.Exchange(ref place, made)?.Dispose();
        return made;
    }

    /// <summary>A shared memory, which any other thread may let go at any moment.</summary>
    public SharedMemory AnyMemory(Random random)
    {
        ref var place = ref _memories[random.Next(_memories.Length)];
        if (Volatile.Read(ref place) is { } there && random.Next(8) != 0)
        {
            return there;
        }

        var made = new SharedMemory(Engine, new MemoryType(new Limits(1, 16), IsShared: true));
        Interlocked.Exchange(ref place, made)?.Dispose();
        return made;
    }

    /// <summary>Looks at what is left once nobody uses it any more, and ends it.</summary>
    /// <returns>What should not be left, or null.</returns>
    public string? End()
    {
        LetGo();
        var isEmpty = SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Engine.GetStatistics() is { Modules: 0, Signatures: 0, MemoriesInUse: 0 };
            },
            TimeSpan.FromSeconds(60));
        var left = isEmpty ? null : Engine.GetStatistics().ToString();
        Dispose();
        return left;
    }

    // Not inlined: no frame of the thread may keep what is to be collected.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LetGo()
    {
        foreach (var module in _modules)
        {
            module?.Dispose();
        }

        foreach (var memory in _memories)
        {
            memory?.Dispose();
        }

        Sharer.Dispose();
        Array.Clear(_modules); // their linked imports have types
        Array.Clear(_memories);
    }

    public void Dispose()
    {
        _ends = true;
        _clock.Join();
        Engine.Dispose();
    }

    public override string ToString() =>
        $"{Options.Compilation}, {Options.BoundsChecks}, interprets first from {Options.InterpretsFirstFromBytes} bytes, hands over after {Options.HandsOverAfter}, {Options.Memory}";

    // Epochs, collections and trimming by the way, when nobody expects them.
    private void Tick()
    {
        for (var random = new Random(1); !_ends; Thread.Sleep(1 + random.Next(4)))
        {
            Engine.IncrementEpoch();
            switch (random.Next(60))
            {
                case 0:
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    break;
                case < 6:
                    GC.Collect(random.Next(2));
                    break;
                case 6:
                    Engine.TrimMemory();
                    break;
                case 7:
                    _ = Engine.GetStatistics();
                    break;
            }
        }
    }
}

/// <summary>A module of a world.</summary>
internal sealed class StressModule : IDisposable
{
    private volatile bool _isDisposed;

    public StressModule(Engine engine, int number, Random random)
    {
        Number = number;
        Module = Runtime.Module.Compile(engine, StressGuest.Binary(number));
        if (random.Next(3) == 0)
        {
            using var first = Module;
            Module = Runtime.Module.Deserialize(engine, first.Serialize());
        }

        var linker = new Linker(engine)
            .DefineFunction("h", "twice", (int x) => 2 * x)
            .DefineFunction("h", "again", (Caller caller, int x) => caller.GetFunction("again")!.Call(x)[0].I32)
            .DefineFunction("h", "make", (Caller caller, int x) => Func.FromHost(caller.Store, HostFunction.Create((int y) => x + y)))
            .DefineFunction("h", "fail", new Action(() => throw new StressHostException()));
        Pre = linker.InstantiatePre(Module);
    }

    public int Number { get; }

    public Module Module { get; }

    public InstancePre Pre { get; }

    /// <summary>Whether somebody has begun to dispose it.</summary>
    public bool IsDisposed => _isDisposed;

    public void Dispose()
    {
        _isDisposed = true;
        Module.Dispose();
    }
}

/// <summary>What a host function of a world throws: neither a trap nor anything else of the engine's.</summary>
internal sealed class StressHostException : Exception;
