using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>From the binary to a module that can be instantiated, and on to the first result, which is where a lazy compiler pays.</summary>
internal sealed class CompileRows(IPeer ours, IPeer theirs, Effort effort) : RowGroup("compile", Unit.Milliseconds, ours, theirs, effort)
{
    private const string Argument = "5";

    public override IEnumerable<Row> Measure()
    {
        foreach (var (name, binary) in Binaries())
        {
            yield return MeasureReady(name, binary);
            yield return MeasureFullyCompiled($"{name}_fully_compiled", binary);
            yield return MeasureFirstResult($"{name}_first_result", binary);
        }
    }

    private static IEnumerable<(string Name, byte[] Binary)> Binaries()
    {
        yield return ("sha256", new Kernel("sha256", "").ReadBinary());
        yield return ("json_tokens", new Kernel("json_tokens", "").ReadBinary());
        yield return ("functions_100", WasmtimePeer.ToBinary(CompileModules.Chain(100)));
        yield return ("functions_1000", WasmtimePeer.ToBinary(CompileModules.Chain(1_000)));
    }

    /// <summary>From the binary to a module that can be instantiated.</summary>
    public Row MeasureReady(string row, byte[] binary) => Measure(row, binary, static _ => { });

    /// <summary>From the binary to machine code of every function.</summary>
    public Row MeasureFullyCompiled(string row, byte[] binary) => Measure(row, binary, static module => module.CompileAll());

    private Row Measure(string row, byte[] binary, Action<IPeerModule> finish) => Try(row, () =>
    {
        Sample Once(IPeer peer)
        {
            IPeerModule? module = null;
            var sample = Contest.Time(() =>
            {
                module = peer.Compile(binary);
                finish(module);
            });
            module!.Dispose();
            return sample;
        }

        Once(Ours);
        Once(Theirs);
        var (oursSample, theirsSample) = Contest.Rounds(() => Once(Ours), () => Once(Theirs));
        return Describe(row, binary, oursSample, theirsSample);
    });

    private Row MeasureFirstResult(string row, byte[] binary) => Try(row, () =>
    {
        ulong oursResult = 0, theirsResult = 0;
        Sample Once(IPeer peer, ref ulong result)
        {
            ulong bits = 0;
            var sample = Contest.Time(() =>
            {
                using var module = peer.Compile(binary);
                using var instance = module.NewInstance();
                bits = instance.Bind(Kernel.Export, Argument)();
            });
            result = bits;
            return sample;
        }

        Once(Ours, ref oursResult);
        Once(Theirs, ref theirsResult);
        RequireEqual(oursResult, theirsResult);
        var (oursSample, theirsSample) = Contest.Rounds(() => Once(Ours, ref oursResult), () => Once(Theirs, ref theirsResult));
        return Describe(row, binary, oursSample, theirsSample);
    });

    private Row Describe(string row, byte[] binary, Sample ours, Sample theirs) => Row.From(Name, row, Unit, ours, theirs) with
    {
        Details = string.Create(
            CultureInfo.InvariantCulture,
            $"{binary.Length / 1024.0,7:0.0} KiB  cpu {ours.CpuSeconds * 1e3,8:0.00} / {theirs.CpuSeconds * 1e3,8:0.00} ms"),
    };
}
