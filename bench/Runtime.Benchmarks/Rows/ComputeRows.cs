using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>The kernels of <c>bench/kernels</c> and their geometric mean.</summary>
internal sealed class ComputeRows(string name, IPeer ours, IPeer theirs, Effort effort, IReadOnlyList<Kernel> kernels, bool native)
    : RowGroup(name, Unit.Milliseconds, ours, theirs, effort)
{
    public override IEnumerable<Row> Measure()
    {
        var means = new List<Row>();
        var nativeRatios = new List<double>();
        foreach (var kernel in kernels)
        {
            var nativeSeconds = native ? NativeKernel.MedianSeconds(kernel, Effort) : null;
            if (kernel.IsSimd && !Supports(kernel))
            {
                yield return Row.Failed(Name, kernel.Name, Unit, "our engine does not compile 128-bit vectors") with { IsUnsupported = true };
                continue;
            }

            var row = Measure(kernel.Name, kernel.ReadBinary(), Kernel.Export, kernel.Argument);
            if (row.Error is null)
            {
                means.Add(row);
                if (nativeSeconds is { } seconds)
                {
                    nativeRatios.Add(row.Ours / Unit.PerSecond / seconds);
                    row = row with { Details = row.Details + string.Create(CultureInfo.InvariantCulture, $"  native {seconds * Unit.PerSecond,7:0.000} ms, ours {nativeRatios[^1]:0.00} of it") };
                }
                else if (native)
                {
                    row = row with { Details = row.Details + "  native: not built, see bench/kernels/build.sh --native" };
                }
            }

            yield return row;
        }

        if (means.Count > 1)
        {
            var mean = new Row(Name, "geometric_mean", Unit.Symbol, Mean(means.Select(r => r.Ours)), Mean(means.Select(r => r.Theirs)))
            {
                CpuRatio = Mean(means.Select(r => r.CpuRatio!.Value)),
                Details = string.Create(CultureInfo.InvariantCulture, $"{means.Count} kernels, worst {means.Max(r => r.Ratio):0.00}, cpu {Mean(means.Select(r => r.CpuRatio!.Value)):0.00}, worst {means.Max(r => r.CpuRatio):0.00}")
                    + (nativeRatios.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Mean(nativeRatios):0.00} of native time")),
            };
            yield return nativeRatios.Count == 0 ? mean : mean.With(Figure.OfNativeTime, Mean(nativeRatios));
        }
    }

    /// <summary>One export: in each round a new instance on either side, one call to warm it, one that counts.</summary>
    public Row Measure(string row, byte[] binary, string export, string argument) => Compare(row, binary, (oursModule, theirsModule) =>
    {
        ulong oursResult = 0, theirsResult = 0;
        RunOnce(oursModule, export, argument, out oursResult);
        RunOnce(theirsModule, export, argument, out theirsResult);
        RequireEqual(oursResult, theirsResult);
        var (oursSample, theirsSample) = Contest.Rounds(
            () => RunOnce(oursModule, export, argument, out oursResult),
            () => RunOnce(theirsModule, export, argument, out theirsResult));
        RequireEqual(oursResult, theirsResult);
        return Row.From(Name, row, Unit, oursSample, theirsSample) with
        {
            CpuRatio = oursSample.CpuSeconds / theirsSample.CpuSeconds,
            Details = string.Create(
                CultureInfo.InvariantCulture,
                $"cpu {oursSample.CpuSeconds * Unit.PerSecond,7:0.000} / {theirsSample.CpuSeconds * Unit.PerSecond,7:0.000}  best {oursSample.BestSeconds * Unit.PerSecond,7:0.000} / {theirsSample.BestSeconds * Unit.PerSecond,7:0.000} ms, {oursSample.BestSeconds / theirsSample.BestSeconds:0.00}"),
        };
    });

    private bool Supports(Kernel kernel)
    {
        try
        {
            Ours.Compile(kernel.ReadBinary()).Dispose();
            return true;
        }
        catch (ModuleLimitException)
        {
            return false;
        }
    }

    private static Sample RunOnce(IPeerModule module, string export, string argument, out ulong result)
    {
        using var instance = module.NewInstance();
        var run = instance.Bind(export, argument);
        run();
        ulong bits = 0;
        var sample = Contest.Time(() => bits = run());
        result = bits;
        return sample;
    }

    private static double Mean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
