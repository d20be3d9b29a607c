using HostService.Runtime.Benchmarks.Rows;

namespace HostService.Runtime.Benchmarks.Targets;

/// <summary>Everything that instantiation and compiled code are to reach, in the order of the rows. Ratios are of time, so below 1 is faster.</summary>
internal static class TargetList
{
    private const string Instantiate = "instantiate", Compute = "compute", Checks = "checks", Program = "program", Lifecycle = "lifecycle";

    public static IReadOnlyList<Target> All { get; } =
    [
        new("an instance, nothing written, of Wasmtime's", Instantiate, "0003", rows => rows.WorstRatio(Instantiate, "empty", "small_memory", "data_segments", "wasi", "one_function", "ten_thousand_functions")) { AtMost = 0.5 },
        new("an instance and a write by the host, of Wasmtime's", Instantiate, "0003", rows => rows.WorstRatio(Instantiate, "small_memory_write", "data_segments_write", "one_function_write", "ten_thousand_functions_write")) { AtMost = 0.25 },
        new("an instance and a write by the guest, of Wasmtime's", Instantiate, "0110", rows => rows.WorstRatio(Instantiate, "small_memory_guest_write", "data_segments_guest_write")) { AtMost = 0.25 },
        new("an instance of 10,000 functions, of one of one function", Instantiate, "0003", rows => rows.WorstFigure(Instantiate, Figure.OfOneFunction)) { AtMost = 1.1 },
        new("managed bytes of a store and an instance", Instantiate, "0011", rows => rows.WorstFigure(Instantiate, Figure.ManagedBytes)) { AtMost = 1_024 },
        new("throughput of two threads that make instances, of one thread's", Instantiate, "0035", rows => rows.Figure(Instantiate, "one_function_two_threads", Figure.OfOneThread)) { AtLeast = 1.5 },
        new("throughput of two threads that make instances, of Wasmtime's two", Instantiate, "0035", rows => rows.Of(Instantiate, "one_function_two_threads", row => 1 / row.Ratio)) { AtLeast = 1 },

        new("kernels, geometric mean, of Wasmtime's", Compute, "0087", rows => rows.Ratio(Compute, "geometric_mean")) { AtMost = 0.83 },
        new("the slowest kernel, of Wasmtime's", Compute, "0087", rows => rows.WorstOfAll(Compute, "geometric_mean")) { AtMost = 1.25 },
        new("kernels, geometric mean, of the same C at -O2 (0.75 of its speed)", "compute --native", "0017", rows => rows.Figure(Compute, "geometric_mean", Figure.OfNativeTime)) { AtMost = 1 / 0.75 },
        new("kernels with deadline and stack checks, of those without", Checks, "0087", rows => rows.Ratio(Checks, "geometric_mean")) { AtMost = 1.1 },
        new("QuickJS running a script, of Wasmtime's (0.8 of its speed)", Program, "0084", rows => rows.Ratio(Program, "quickjs_script")) { AtMost = 1 / 0.8 },
        new("esbuild bundling, of Wasmtime's (0.8 of its speed)", Program, "0084", rows => rows.Ratio(Program, "esbuild_bundle")) { AtMost = 1 / 0.8 },

        new("esbuild ready to be called, of Wasmtime's compilation", Lifecycle, "0050", rows => rows.Ratio(Lifecycle, "esbuild_ready")) { AtMost = 0.25 },
        new("esbuild with every function optimised, of Wasmtime's compilation", Lifecycle, "0054", rows => rows.Ratio(Lifecycle, "esbuild_all_optimised")) { AtMost = 1 },
        new("esbuild's first run right after that, of a steady one", Lifecycle, "0098", rows => rows.Figure(Lifecycle, "esbuild_first_run", Figure.OfSteadyRun)) { AtMost = 5 },
        new("esbuild ready and prepared by a rehearsal, of Wasmtime's compilation", Lifecycle, "0121", rows => rows.Ratio(Lifecycle, "esbuild_prepared")) { AtMost = 0.25 },
        new("esbuild's first run after that, of a steady one", Lifecycle, "0121", rows => rows.Figure(Lifecycle, "esbuild_first_run_prepared", Figure.OfSteadyRun)) { AtMost = 5 },
        new("esbuild loaded from what was stored, of its compilation", Lifecycle, "0053", rows => rows.Of(Lifecycle, "esbuild_loaded_again", again => again.Ours / (rows.Of(Lifecycle, "esbuild_ready", ready => ready.Ours)?.Value ?? double.NaN))),
        new("MB of a process with esbuild, at most", Lifecycle, "0034", rows => rows.Of(Lifecycle, "esbuild_memory", row => row.Ours)),
        new("MB of it once esbuild is unloaded", Lifecycle, "0034", rows => rows.Figure(Lifecycle, "esbuild_memory", Figure.MegabytesAfterUnloading)),
        new("pandoc, which Wasmtime does not compile, ready, in seconds", Lifecycle, "0050", rows => rows.Of(Lifecycle, "pandoc_ready", row => row.Ours / 1e3)),
        new("pandoc converting a line of Markdown, in milliseconds", Lifecycle, "0050", rows => rows.Of(Lifecycle, "pandoc_steady_run", row => row.Ours)),
        new("an instance of pandoc, of one of one function", Lifecycle, "0003", rows => rows.Ratio(Lifecycle, "pandoc_instance")) { AtMost = 1.1 },
    ];
}
