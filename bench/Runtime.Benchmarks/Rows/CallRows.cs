using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>Crossing the border between host and guest, in both directions, and by a trap.</summary>
internal sealed class CallRows(IPeer ours, IPeer theirs, Effort effort) : RowGroup("call", Unit.Nanoseconds, ours, theirs, effort)
{
    private const int CallsPerEntry = 10_000;
    private const int Probes = 10;

    public override IEnumerable<Row> Measure()
    {
        var binary = WasmtimePeer.ToBinary(CallModule.Text);
        yield return Measure("host_to_guest", binary, instance => instance.CallTyped);
        yield return Measure("host_to_guest_untyped", binary, instance => instance.CallUntyped);
        yield return Measure("guest_to_host", binary, CallHost);
        yield return Measure("trap_round_trip", binary, instance => instance.CatchTraps);
    }

    private static Func<int, int> CallHost(IPeerInstance instance)
    {
        var calls = CallsPerEntry.ToString(CultureInfo.InvariantCulture);
        var enter = instance.Bind("call_host", calls);
        var once = instance.Bind("call_host", "1");
        return n =>
        {
            var sum = 0UL;
            for (; n >= CallsPerEntry; n -= CallsPerEntry)
                sum += enter();
            for (; n > 0; n--)
                sum += once();
            return (int)sum;
        };
    }

    private Row Measure(string row, byte[] binary, Func<IPeerInstance, Func<int, int>> bind) => Compare(row, binary, (oursModule, theirsModule) =>
    {
        using var oursInstance = oursModule.NewInstance();
        using var theirsInstance = theirsModule.NewInstance();
        var oursLoop = bind(oursInstance);
        var theirsLoop = bind(theirsInstance);
        RequireEqual(oursLoop(Probes), theirsLoop(Probes));

        var (oursSample, theirsSample) = Contest.Loops(n => oursLoop(n), n => theirsLoop(n));
        return Row.From(Name, row, Unit, oursSample, theirsSample) with
        {
            Details = string.Create(CultureInfo.InvariantCulture, $"{oursSample.ManagedBytes:0} B managed per call"),
        };
    });
}
