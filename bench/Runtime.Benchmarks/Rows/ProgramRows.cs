using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;
using HostService.Runtime.Benchmarks.Programs;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>Whole programs with functions beyond what RyuJIT optimises in one piece: an interpreter and a bundler, in steady state on optimised code.</summary>
internal sealed class ProgramRows(IPeer ours, IPeer theirs, Effort effort) : RowGroup("program", Unit.Milliseconds, ours, theirs, effort)
{
    private static readonly string[] s_bundle = ["esbuild", "/main.ts", "--bundle", "--minify"];

    public override IEnumerable<Row> Measure()
    {
        yield return Try("quickjs_script", () => MeasureScript("quickjs_script"));
        yield return Try("esbuild_bundle", () => MeasureBundle("esbuild_bundle"));
    }

    private Row MeasureScript(string row)
    {
        (string, byte[])[] modules =
        [
            ("a", WasmtimePeer.ToBinary(QuickJsModules.Imports)),
            ("quickjs", ProgramFiles.QuickJs()),
            ("driver", WasmtimePeer.ToBinary(QuickJsModules.Driver(ProgramFiles.Script()))),
        ];
        using var oursInstance = Ours.Link(modules);
        using var theirsInstance = Theirs.Link(modules);
        return Compare(row, oursInstance.Bind("run", ""), theirsInstance.Bind("run", ""));
    }

    private Row MeasureBundle(string row)
    {
        using var input = new BundlerInput();
        using var oursCommand = Ours.CompileCommand(ProgramFiles.Esbuild());
        using var theirsCommand = Theirs.CompileCommand(ProgramFiles.Esbuild());
        return Compare(row, () => oursCommand.Run(s_bundle, input.Folder), () => theirsCommand.Run(s_bundle, input.Folder));
    }

    /// <summary>The ratio is of processor time, which other work on the machine disturbs least.</summary>
    private Row Compare<T>(string row, Func<T> ours, Func<T> theirs) where T : IEquatable<T>
    {
        var expected = theirs();
        RequireEqual(ours(), expected);
        if (expected is string { Length: 0 })
            throw new PeerException("both sides answered nothing");
        RequireEqual(ours(), expected);
        var (oursSample, theirsSample) = Contest.Rounds(() => Contest.Time(() => ours()), () => Contest.Time(() => theirs()));
        return new Row(Name, row, Unit.Symbol, oursSample.CpuSeconds * Unit.PerSecond, theirsSample.CpuSeconds * Unit.PerSecond)
        {
            Details = string.Create(
                CultureInfo.InvariantCulture,
                $"processor time; wall, best {oursSample.BestSeconds * Unit.PerSecond:0.0} / {theirsSample.BestSeconds * Unit.PerSecond:0.0} ms, {oursSample.BestSeconds / theirsSample.BestSeconds:0.00}"),
        };
    }
}
