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
        yield return Measure("small_memory_guest_write", WasmtimePeer.ToBinary(InstantiationModules.SmallMemoryAndWriter()), InstantiateKind.GuestWrite);
        yield return Measure("data_segments", dataSegments, InstantiateKind.Plain);
        yield return Measure("data_segments_write", dataSegments, InstantiateKind.Write);
        yield return Measure("data_segments_guest_write", WasmtimePeer.ToBinary(InstantiationModules.DataSegmentsAndWriter()), InstantiateKind.GuestWrite);
        yield return Measure("wasi", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "kernels", "hello.wasm")), InstantiateKind.Wasi);

        var one = Measure("one_function", oneFunction, InstantiateKind.Plain);
        var many = Measure("ten_thousand_functions", tenThousand, InstantiateKind.Plain);
        yield return one;
        yield return (many with { Details = $"{many.Details}  {Flatness(many, one)}" }).With(Figure.OfOneFunction, many.Ours / one.Ours);
        var two = MeasureTwoThreads("one_function_two_threads", oneFunction);
        yield return (two with { Details = $"{two.Details}  {Gain(one, two)}" }).With(Figure.OfOneThread, one.Ours / two.Ours);
        one = Measure("one_function_write", oneFunction, InstantiateKind.Write);
        many = Measure("ten_thousand_functions_write", tenThousand, InstantiateKind.Write);
        yield return one;
        yield return (many with { Details = $"{many.Details}  {Flatness(many, one)}" }).With(Figure.OfOneFunction, many.Ours / one.Ours);
    }

    private static string Flatness(Row many, Row one) => string.Create(CultureInfo.InvariantCulture, $"{many.Ours / one.Ours:0.00} of one function");

    /// <summary>What the second thread adds, and beside it what it adds to work that shares nothing: no engine can have more of this machine than that.</summary>
    private string Gain(Row one, Row two)
    {
        var arithmetic = Contest.Loops(UnsharedWork.Compute, n => OnTwoThreads(n, UnsharedWork.Compute));
        var allocation = Contest.Loops(UnsharedWork.Allocate, n => OnTwoThreads(n, UnsharedWork.Allocate));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"throughput {one.Ours / two.Ours:0.00} / {one.Theirs / two.Theirs:0.00} of one thread's (arithmetic {Factor(arithmetic):0.00}, allocation of as much {Factor(allocation):0.00})");
    }

    private static double Factor((Sample One, Sample Two) times) => times.One.Seconds / times.Two.Seconds;

    private static void OnTwoThreads(int operations, Action<int> work)
    {
        var other = new Thread(() => work(operations / 2));
        other.Start();
        work(operations - operations / 2);
        other.Join();
    }

    private Row Measure(string row, byte[] binary, InstantiateKind kind) =>
        Measure(row, binary, module => n => module.Instantiate(n, kind));

    /// <summary>The same operations by two threads at once; the time is wall time divided by all operations.</summary>
    private Row MeasureTwoThreads(string row, byte[] binary) =>
        Measure(row, binary, module => n => OnTwoThreads(n, operations => module.Instantiate(operations, InstantiateKind.Plain)));

    private Row Measure(string row, byte[] binary, Func<IPeerModule, Action<int>> loop) => Compare(row, binary, (oursModule, theirsModule) =>
    {
        var (oursSample, theirsSample) = Contest.Loops(loop(oursModule), loop(theirsModule));
        return Row.From(Name, row, Unit, oursSample, theirsSample).With(Figure.ManagedBytes, oursSample.ManagedBytes) with
        {
            CpuRatio = oursSample.CpuSeconds / theirsSample.CpuSeconds,
            Details = string.Create(
                CultureInfo.InvariantCulture,
                $"cpu {oursSample.CpuSeconds * 1e6,6:0.00} / {theirsSample.CpuSeconds * 1e6,6:0.00} us  cores {oursSample.CpuSeconds / oursSample.Seconds:0.00} / {theirsSample.CpuSeconds / theirsSample.Seconds:0.00}  best {oursSample.BestSeconds * 1e6,6:0.00} / {theirsSample.BestSeconds * 1e6,6:0.00} us  {oursSample.ManagedBytes,6:0} B managed"),
        };
    });
}
