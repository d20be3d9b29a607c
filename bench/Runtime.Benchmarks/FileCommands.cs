using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Rows;

namespace HostService.Runtime.Benchmarks;

/// <summary><c>kernel FILE EXPORT ARG</c> and <c>compile FILE</c>: one row about any module, ours against Wasmtime's.</summary>
internal static class FileCommands
{
    public static int RunKernel(Options options) => options.Positional is [_, var file, var export, var argument]
        ? Run(options, "compute", (ours, theirs, effort) => new ComputeRows("compute", ours, theirs, effort, [], native: false)
            .Measure($"{Name(file)}.{export}({argument})", File.ReadAllBytes(file), export, argument))
        : Options.Usage();

    public static int RunCompile(Options options) => options.Positional is [_, var file]
        ? Run(options, "compile", (ours, theirs, effort) => new CompileRows(ours, theirs, effort).MeasureReady(Name(file), File.ReadAllBytes(file)))
        : Options.Usage();

    private static int Run(Options options, string group, Func<IPeer, IPeer, Effort, Row> measure)
    {
        using var ours = Contestants.NewOurs();
        using var theirs = Contestants.NewWasmtime(options.KeepResidentBytes);
        var effort = options.Has("--quick") ? Effort.Quick : Effort.Full;
        return RatioCommand.Print([new OneRow(group, ours, theirs, effort, measure)], ours, theirs, options.Value("--json"));
    }

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private sealed class OneRow(string group, IPeer ours, IPeer theirs, Effort effort, Func<IPeer, IPeer, Effort, Row> measure)
        : RowGroup(group, Unit.Milliseconds, ours, theirs, effort)
    {
        public override IEnumerable<Row> Measure()
        {
            yield return measure(Ours, Theirs, Effort);
        }
    }
}
