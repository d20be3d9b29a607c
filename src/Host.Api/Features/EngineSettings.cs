using System.ComponentModel.DataAnnotations;
using HostService.Runtime;
using HostService.Runtime.Types;

namespace HostService.Host.Features;

/// <summary>How modules are compiled. Bound from <c>HostService:Engine</c>, as in the variable <c>HostService__Engine__Compilation</c>; a bad value stops the host at start.</summary>
/// <remarks>docs/compiled-code.md says what follows from each.</remarks>
public sealed class EngineSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "HostService:Engine";

    /// <summary>Which machine code modules get, and when. Default <see cref="CompilationStrategy.Tiered"/>.</summary>
    // Ready in a second instead of five where a program is large, and the same code in the end (docs/adr/0052).
    [EnumDataType(typeof(CompilationStrategy))]
    public CompilationStrategy Compilation { get; init; } = CompilationStrategy.Tiered;

    /// <summary>From how many megabytes of code on, of 1,048,576 bytes, the first calls of a tiered module are interpreted. 0 for all modules. Default 4.</summary>
    // Below that, first calls take no longer on code that is made for them (docs/adr/0059).
    [Range(0, 2_047)]
    public int InterpretFirstFromMegabytes { get; init; } = 4;

    /// <summary>On how many threads one upload, or one module at a start, is compiled until it can be called. Default: one for each processor.</summary>
    // Somebody waits for it, for a second or two at most; how many are compiled at once has a limit of its own.
    [Range(1, 1_024)]
    public int CompilationThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>On how many threads modules are optimised in the background, all of them together. Default: half of the processors, at least one.</summary>
    // They have a low priority, but so have guests that compute for long: half of the machine is never asked for by an optimiser.
    [Range(1, 1_024)]
    public int OptimizationThreads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>
    /// Whether functions of a suspicious shape are compiled in a child process before they are compiled in this one. Default true. Without, a module can hold up a thread, or take the memory, of the
    /// service for as long as the CLR's compiler needs.
    /// </summary>
    public bool TrialCompilations { get; init; } = true;

    /// <summary>The most milliseconds of processor time that a trial compilation may take. Default 20,000.</summary>
    // The largest programs seen, esbuild and pandoc, need a second or two (docs/adr/0061).
    [Range(10, 3_600_000)]
    public int TrialMilliseconds { get; init; } = 20_000;

    /// <summary>The most megabytes, of 1,048,576 bytes, that it may take. Default 1,024.</summary>
    [Range(16, 65_536)]
    public int TrialMegabytes { get; init; } = 1_024;

    /// <summary>Whether compiled modules are kept in the data directory, so that a restart loads instead of compiling. Default true.</summary>
    // One to four times the binary's size on disk, for a twentieth to a quarter of the processor time at each start (docs/adr/0053).
    public bool StoreCompiledModules { get; init; } = true;

    /// <summary>
    /// After how many released megabytes, of 1,048,576 bytes, of binaries and intermediate code the memory of released modules is collected and given back to the system; 0 for never. Default 32.
    /// </summary>
    // Machine code and the compiler's own data are several times that. Less is not worth a pause in which nothing runs (docs/adr/0034).
    [Range(0, 65_536)]
    public int CollectAfterMegabytes { get; init; } = 32;

    /// <summary>Proposals outside WebAssembly 3.0 that modules may use. Default <see cref="WasmFeatures.LegacyExceptions"/>.</summary>
    // GHC and Emscripten emit the first form of exceptions, and every browser takes it. The others are young and seldom found in programs.
    [EnumDataType(typeof(WasmFeatures))]
    public WasmFeatures Features { get; init; } = WasmFeatures.LegacyExceptions;
}
