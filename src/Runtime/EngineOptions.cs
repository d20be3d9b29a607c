using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>The settings of an <see cref="Engine"/>. Immutable.</summary>
public sealed record EngineOptions
{
    private const WasmFeatures AllFeatures = WasmFeatures.Threads | WasmFeatures.CustomPageSizes | WasmFeatures.WideArithmetic | WasmFeatures.LegacyExceptions;

    /// <summary>Functions of the host that every module of the Engine can import without naming them in a <see cref="Linker"/>. Default: none.</summary>
    /// <remarks>Their types are registered and their references made when the Engine is made. A <see cref="Linker"/> may define another under the same names; its own wins.</remarks>
    public ImmutableArray<HostFunctionDefinition> HostFunctions { get; init; } = [];

    /// <summary>Proposals outside WebAssembly 3.0 that modules may use. Default: none.</summary>
    public WasmFeatures Features { get; init; }

    /// <summary>How large a module may be. Default: <see cref="ModuleLimits.Default"/>.</summary>
    public ModuleLimits ModuleLimits { get; init; } = ModuleLimits.Default;

    /// <summary>How compiled code keeps memory accesses inside their memory. Default: <see cref="BoundsChecks.Automatic"/>.</summary>
    public BoundsChecks BoundsChecks { get; init; }

    /// <summary>Which machine code modules get, and when. Default: <see cref="CompilationStrategy.Optimized"/>.</summary>
    public CompilationStrategy Compilation { get; init; }

    /// <summary>
    /// On how many threads one call of <see cref="Module.Compile"/> or <see cref="Module.Prepare"/> works, the calling thread included; the others are the thread pool's, as far as it has any free. At least 1. Default: one for
    /// each processor.
    /// </summary>
    /// <remarks>A host in which requests are served meanwhile may want less. What is optimised in the background has a bound of its own: <see cref="MaxOptimizationThreads"/>.</remarks>
    public int MaxCompilationThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// On how many threads modules are optimised in the background, all of them together. At least 1. Default: one for each processor; they have low priority.
    /// </summary>
    public int MaxOptimizationThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The limits within which functions of a suspicious shape are compiled in a child process before they are compiled in this one. Default: null, which compiles everything here. A host that
    /// takes modules from strangers sets it: the CLR's compiler can't be interrupted, and a small function can take it minutes and gigabytes.
    /// </summary>
    /// <remarks>
    /// Functions that are suspicious even without optimisation are tried by <see cref="Module.Compile"/>, which refuses the module when one breaks the limits. Those that are suspicious to optimise are
    /// tried before they are optimised: in the background with <see cref="CompilationStrategy.Tiered"/>, by <see cref="Module.Compile"/> with <see cref="CompilationStrategy.Optimized"/>. A module with one that
    /// breaks the limits stays on baseline code, and <see cref="Module.Verdict"/> says why.
    /// </remarks>
    public CompilationTrialOptions? Trial { get; init; }

    /// <summary>How memories are pooled.</summary>
    public MemoryPoolSettings Memory { get; init; } = new();

    /// <summary>
    /// How long a module's code must be, in bytes of its code section, for its first calls to be interpreted with <see cref="CompilationStrategy.Tiered"/>: functions that use numbers only are then interpreted until their
    /// baseline code is worth making, in instances that are made before the optimised code is there.
    /// </summary>
    /// <value>0 for all modules, <see cref="int.MaxValue"/> for none. Default: 4 MiB; the first calls of smaller modules take no longer on baseline code. A negative value counts as 0.</value>
    public int InterpretsFirstFromBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>For tests: after so many calls of a function and turns of a loop its code is made at once, and used. Default: 0, for when it is worth it, in the background.</summary>
    internal int HandsOverAfter { get; init; }

    /// <summary>For tests: the clock by which the background waits for first calls. Default: the system's.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether guests are compiled without deadline and stack checks. For benchmarks alone: an endless loop never ends, and a recursion too deep ends the process.</summary>
    internal bool OmitsInterruption { get; init; }

    /// <summary>Refuses settings that are out of their ranges.</summary>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(ModuleLimits, nameof(ModuleLimits));
        ArgumentNullException.ThrowIfNull(Memory, nameof(Memory));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCompilationThreads, 1, nameof(MaxCompilationThreads));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOptimizationThreads, 1, nameof(MaxOptimizationThreads));
        ThrowUnless(Enum.IsDefined(BoundsChecks), BoundsChecks);
        ThrowUnless(Enum.IsDefined(Compilation), Compilation);
        ThrowUnless((Features & ~AllFeatures) == 0, Features);
        Memory.Check();
        Trial?.Check();
    }

    private static void ThrowUnless(bool isKnown, object value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isKnown)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{value} is no {value.GetType().Name} that there is.");
        }
    }
}
