using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>What it costs to throw and to catch, by the number of frames in between.</summary>
/// <remarks>Time on the clock: V8's is spent in another process.</remarks>
internal sealed class ExceptionRows(string name, IPeer ours, IPeer theirs, Effort effort, Func<byte[]> module) : RowGroup(name, Unit.Microseconds, ours, theirs, effort)
{
    // Enough of them that calling another process is nothing beside it.
    private const int FramesAndThrows = 20_000;

    public override IEnumerable<Row> Measure()
    {
        foreach (var depth in ExceptionModules.Depths)
        {
            yield return Try($"through_{depth}_frames", () => Compare($"through_{depth}_frames", module(), (ours, theirs) => Measure(depth, ours, theirs)));
        }
    }

    private Row Measure(int depth, IPeerModule oursModule, IPeerModule theirsModule)
    {
        var throws = FramesAndThrows / (depth + 1);
        using var oursInstance = oursModule.NewInstance();
        using var theirsInstance = theirsModule.NewInstance();
        var oursCall = oursInstance.Bind(ExceptionModules.Export(depth), throws.ToString(CultureInfo.InvariantCulture));
        var theirsCall = theirsInstance.Bind(ExceptionModules.Export(depth), throws.ToString(CultureInfo.InvariantCulture));
        RequireEqual(oursCall(), theirsCall());

        var (oursSample, theirsSample) = Contest.Loops(n => Repeat(oursCall, n), n => Repeat(theirsCall, n));
        return Row.From(Name, $"through_{depth}_frames", Unit, oursSample with { Seconds = oursSample.Seconds / throws }, theirsSample with { Seconds = theirsSample.Seconds / throws }) with
        {
            Details = string.Create(CultureInfo.InvariantCulture, $"{oursSample.ManagedBytes / throws:0} B managed per throw"),
        };
    }

    private static void Repeat(Func<ulong> call, int times)
    {
        for (var i = 0; i < times; i++)
            call();
    }
}
