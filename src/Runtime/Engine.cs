using System.Runtime.InteropServices;
using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Signatures;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Linking;
using HostService.Runtime.Tiering;
using HostService.Runtime.Trials;

namespace HostService.Runtime;

/// <summary>What all modules and Stores of a process share: the registry of types, the pool of memories, code addresses, host functions and the epoch.</summary>
/// <remarks>
/// Make one for the process and keep it. Thread-safe throughout. Dispose it after its modules and Stores.
/// </remarks>
public sealed unsafe class Engine : IDisposable
{
    private const int IdleResources = 32; // a power of two

    // One cache line of its own, so that advancing the epoch disturbs nothing else that emitted code reads. Never freed: code of a module may outlive
    // the Engine until the collector gets to it, and 64 bytes are a small price for never reading freed memory.
    private readonly ulong* _epoch = (ulong*)NativeMemory.AlignedAlloc(64, 64);
    // The first is not used: the array's length, which all processors read, is in its cache line.
    private readonly Padded<StoreResources?>[] _idleResources = new Padded<StoreResources?>[1 + IdleResources];
    private bool _disposed;

    /// <summary>Makes an Engine: registers the types of its host functions and makes their references, once.</summary>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of the range that it documents; the message names it.</exception>
    /// <exception cref="ArgumentException">Two host functions have the same pair of names, or <see cref="EngineOptions.ModuleLimits"/> or <see cref="EngineOptions.Memory"/> is null.</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="BoundsChecks.GuardPages"/> is asked for and this system has none.</exception>
    public Engine(EngineOptions? options = null)
    {
        Options = options ?? new EngineOptions();
        Options.Check();
        Trials = Options.Trial is { } trial ? new CompilationTrials(trial) : null;
        BackgroundThreads = new BackgroundThreads(Options.MaxOptimizationThreads, "WebAssembly optimiser", isUrgent: false);
        HandoverThreads = new BackgroundThreads(maxThreads: 1, "WebAssembly handover", isUrgent: true);
        *_epoch = 0;
        Signatures = new SignatureRegistry();
        CodeAddresses = new CodeAddressSpace();
        GuardPages.KeepActivationsOut();
        Memories = new MemoryPool(
            Options.Memory.ToPoolOptions() with { FaultsPastLength = Options.BoundsChecks != BoundsChecks.Explicit && GuardPages.IsSupported });
        UsesGuardPages = Memories.SupportsGuards;
        if (Options.BoundsChecks == BoundsChecks.GuardPages && !UsesGuardPages)
        {
            throw new PlatformNotSupportedException("Guard pages can't be used on this system; BoundsChecks.Automatic falls back to explicit checks.");
        }

        if (Options.Compilation == CompilationStrategy.Interpreted)
        {
            FirstCallCode.Warm();
        }

        HostTargets = new HostTargetTable();
        HostFunctions = new EngineHostFunctions(this, Options.HostFunctions.IsDefault ? [] : Options.HostFunctions);
    }

    /// <summary>The settings it was made with.</summary>
    public EngineOptions Options { get; }

    /// <summary>How often <see cref="IncrementEpoch"/> was called.</summary>
    public ulong CurrentEpoch => Volatile.Read(ref *_epoch);

    /// <summary>Whether compiled code relies on faults instead of checks: <see cref="EngineOptions.BoundsChecks"/> as this system allows.</summary>
    public bool UsesGuardPages { get; }

    internal SignatureRegistry Signatures { get; }

    internal CodeAddressSpace CodeAddresses { get; }

    internal MemoryPool Memories { get; }

    internal EngineHostFunctions HostFunctions { get; }

    internal HostTargetTable HostTargets { get; }

    /// <summary>What makes guests stop.</summary>
    internal ControlBlocks ControlBlocks { get; } = new();

    /// <summary>They optimise modules.</summary>
    internal BackgroundThreads BackgroundThreads { get; }

    /// <summary>They make the code that interpreted guests are to go on in, for each module in turn.</summary>
    internal BackgroundThreads HandoverThreads { get; }

    /// <summary>The means to compile suspicious functions in a child process first; null when they are compiled here.</summary>
    internal CompilationTrials? Trials { get; }

    internal ModuleCounters Counters { get; } = new();

    /// <summary>Advances the epoch by one: Stores whose deadline is reached are interrupted at their next check.</summary>
    /// <remarks>Callable from any thread; usually a timer does, every few milliseconds. It costs some microseconds: all processors of the process are made to see it, and the Engine looks at the deadline of each Store that is not disposed.</remarks>
    public void IncrementEpoch() => ControlBlocks.RequestDue(Interlocked.Increment(ref *_epoch));

    /// <summary>Counts of what the Engine holds at this moment.</summary>
    public EngineStatistics GetStatistics() => EngineStatistics.Of(this);

    /// <summary>Gives the memory that idle pool slots keep back to the system now rather than after a while.</summary>
    public void TrimMemory() => Memories.Trim();

    /// <summary>Releases the host functions and the memory pool. Modules and Stores of this Engine must not be used any more.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        BackgroundThreads.Dispose();
        HandoverThreads.Dispose();
        Trials?.Dispose();
        HostFunctions.Dispose();
        Memories.Dispose();
    }

    /// <summary>Throws when the Engine was disposed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>Lends what a Store needs; see <see cref="StoreResources"/>.</summary>
    internal StoreResources RentStoreResources(StoreLimits limits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        StoreResources? resources = null;
        var slots = _idleResources;
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < IdleResources && resources is null; i++)
        {
            ref var slot = ref slots[1 + ((start + i) & (IdleResources - 1))].Value;
            if (slot is not null)
            {
                resources = Interlocked.Exchange(ref slot, null);
            }
        }

        resources ??= new StoreResources(this);
        resources.Lend(limits);
        return resources;
    }

    /// <summary>Takes back what a disposed Store was lent.</summary>
    internal void ReturnStoreResources(StoreResources resources)
    {
        resources.Release();
        var slots = _idleResources;
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < IdleResources; i++)
        {
            ref var slot = ref slots[1 + ((start + i) & (IdleResources - 1))].Value;
            if (slot is null && Interlocked.CompareExchange(ref slot, resources, null) is null)
            {
                return;
            }
        }
    }
}
