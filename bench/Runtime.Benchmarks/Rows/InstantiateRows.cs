using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>New store, instance from what was resolved beforehand, perhaps a write, dispose: what one request costs.</summary>
internal sealed class InstantiateRows(IPeer ours, IPeer theirs, Effort effort) : RowGroup("instantiate", Unit.Microseconds, ours, theirs, effort)
{
    public override IEnumerable<Row> Measure()
    {
        var dataSegments = WasmtimePeer.ToBinary(InstantiationModules.DataSegments());
        var oneFunction = WasmtimePeer.ToBinary(InstantiationModules.Functions(1));
        var tenThousand = WasmtimePeer.ToBinary(InstantiationModules.Functions(10_000));
        var smallMemory = WasmtimePeer.ToBinary(InstantiationModules.SmallMemory);
        yield return Measure("empty", WasmtimePeer.ToBinary(InstantiationModules.Empty), InstantiateKind.Plain);
        yield return Measure("small_memory", smallMemory, InstantiateKind.Plain);
        yield return Measure("small_memory_write", smallMemory, InstantiateKind.Write);
        yield return Measure("data_segments", dataSegments, InstantiateKind.Plain);
        yield return Measure("data_segments_write", dataSegments, InstantiateKind.Write);
        yield return Measure("wasi", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "kernels", "hello.wasm")), InstantiateKind.Wasi);

        var one = Measure("one_function", oneFunction, InstantiateKind.Plain);
        var many = Measure("ten_thousand_functions", tenThousand, InstantiateKind.Plain);
        yield return one;
        yield return many with { Details = $"{many.Details}  {Flatness(many, one)}" };
        var two = MeasureTwoThreads("one_function_two_threads", oneFunction);
        yield return two with { Details = $"{two.Details}  {Gain(one, two)}" };
        one = Measure("one_function_write", oneFunction, InstantiateKind.Write);
        many = Measure("ten_thousand_functions_write", tenThousand, InstantiateKind.Write);
        yield return one;
        yield return many with { Details = $"{many.Details}  {Flatness(many, one)}" };
    }

    private static string Flatness(Row many, Row one) => string.Create(CultureInfo.InvariantCulture, $"{many.Ours / one.Ours:0.00} of one function");

    private static string Gain(Row one, Row two) =>
        string.Create(CultureInfo.InvariantCulture, $"throughput {one.Ours / two.Ours:0.00} / {one.Theirs / two.Theirs:0.00} of one thread's");

    private Row Measure(string row, byte[] binary, InstantiateKind kind) =>
        Measure(row, binary, module => n => module.Instantiate(n, kind));

    /// <summary>The same operations by two threads at once; the time is wall time divided by all operations.</summary>
    private Row MeasureTwoThreads(string row, byte[] binary) => Measure(row, binary, module => n =>
    {
        var other = new Thread(() => module.Instantiate(n / 2, InstantiateKind.Plain));
        other.Start();
        module.Instantiate(n - n / 2, InstantiateKind.Plain);
        other.Join();
    });

    private Row Measure(string row, byte[] binary, Func<IPeerModule, Action<int>> loop) => Compare(row, binary, (oursModule, theirsModule) =>
    {
        var (oursSample, theirsSample) = Contest.Loops(loop(oursModule), loop(theirsModule));
        return Row.From(Name, row, Unit, oursSample, theirsSample) with
        {
            Details = string.Create(
                CultureInfo.InvariantCulture,
                $"cpu {oursSample.CpuSeconds * 1e6,6:0.00} / {theirsSample.CpuSeconds * 1e6,6:0.00} us  best {oursSample.BestSeconds * 1e6,6:0.00} / {theirsSample.BestSeconds * 1e6,6:0.00} us  {oursSample.ManagedBytes,6:0} B managed"),
        };
    });
}
