using System.Globalization;
using HostService.Runtime.Benchmarks.Measuring;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Programs;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>Whole programs, each engine in a process of its own: ready, first run, steady run, everything optimised, loaded again, and memory.</summary>
/// <remarks>Ours is tiered, as the service runs it. Medians of three processes of each side in turn, with <c>--quick</c> of one: on a machine with other work, read the processor time.</remarks>
internal sealed class LifecycleRows(IPeer ours, IPeer theirs, Effort effort) : RowGroup("lifecycle", Unit.Milliseconds, ours, theirs, effort)
{
    private const double ReadyLimit = 0.25, OptimizedLimit = 1.0, FirstLimit = 5;

    public override IEnumerable<Row> Measure()
    {
        foreach (var program in GuestProgram.All)
        {
            if (!File.Exists(program.File))
            {
                yield return Row.Failed(Name, program.Name, Unit, $"{program.File} is missing: run `npm ci` in tests/RealPrograms") with { IsUnsupported = true };
                continue;
            }

            foreach (var row in Measure(program))
            {
                yield return row;
            }
        }
    }

    // What went wrong, if anything.
    private static string Add(List<ProgramTimes> processes, Func<ProgramTimes> measure)
    {
        try
        {
            processes.Add(measure());
            return "";
        }
        catch (PeerException failure)
        {
            return failure.Message;
        }
    }

    private IEnumerable<Row> Measure(GuestProgram program)
    {
        var (ours, theirs) = (new List<ProgramTimes>(), new List<ProgramTimes>());
        var (error, theirError) = ("", "");
        for (var process = 0; process < Effort.Processes && error.Length == 0; process++)
        {
            error = Add(ours, () => ProgramCommand.MeasureOurs(program));
            theirError = theirError.Length == 0 ? Add(theirs, () => ProgramCommand.MeasureWasmtime(program)) : theirError;
        }

        if (error.Length > 0)
        {
            yield return Row.Failed(Name, program.Name, Unit, error);
            yield break;
        }

        var times = ProgramTimes.Median(ours);
        var theirsTimes = theirError.Length == 0 ? ProgramTimes.Median(theirs) : null;
        var first = times.First.Milliseconds / times.Steady.Milliseconds;
        var stored = times.StoredFirst.Milliseconds / times.Steady.Milliseconds;
        yield return Compare($"{program.Name}_ready", times.Ready, theirsTimes?.Ready, $"{Target(program, $"at most {ReadyLimit}")} {theirError}");
        yield return Compare($"{program.Name}_first_run", times.First, theirsTimes?.First, $"{first:0.0} of the steady one{Target(program, $", at most {FirstLimit}")}").With(Figure.OfSteadyRun, first);
        if (times.Prepared != default)
        {
            var prepared = times.PreparedFirst.Milliseconds / times.Steady.Milliseconds;
            yield return Compare($"{program.Name}_prepared", times.Prepared, theirsTimes?.Ready, $"ready, run on other input, and the code of what that ran made{Target(program, $"; at most {ReadyLimit}")}");
            yield return Compare($"{program.Name}_first_run_prepared", times.PreparedFirst, theirsTimes?.First, $"{prepared:0.0} of the steady one{Target(program, $", at most {FirstLimit}")}").With(Figure.OfSteadyRun, prepared);
        }

        yield return Compare($"{program.Name}_steady_run", times.Steady, theirsTimes?.Steady, "");
        if (times.Optimized != default)
        {
            yield return Compare($"{program.Name}_all_optimised", times.Optimized, theirsTimes?.Optimized, Target(program, $"at most {OptimizedLimit:0.0}"));
        }

        yield return Compare($"{program.Name}_loaded_again", times.StoredReady, theirsTimes?.Ready, "beside Wasmtime's compilation");
        yield return Compare($"{program.Name}_first_run_after_it", times.StoredFirst, theirsTimes?.First, $"{stored:0.0} of the steady one");
        yield return new Row(Name, $"{program.Name}_instance", Unit.Symbol, times.Instantiate.Milliseconds, times.InstantiateOneFunction.Milliseconds)
        {
            Details = "beside our own of a module with one function",
        };
        yield return new Row(Name, $"{program.Name}_memory", "MB", times.Memory.Max(use => use.Resident) / 1e6, double.NaN)
        {
            Details = string.Join("; ", times.Memory),
            Figures = new Dictionary<string, double> { [Figure.MegabytesAfterUnloading] = times.Memory[^1].Resident / 1e6 },
        };
    }

    // The targets speak of esbuild; in the others' rows the start of the process is most of what is measured.
    private static string Target(GuestProgram program, string target) => program.Name == "esbuild" ? target : "";

    private Row Compare(string row, Elapsed ours, Elapsed? theirs, string details) => new(Name, row, Unit.Symbol, ours.Milliseconds, theirs?.Milliseconds ?? double.NaN)
    {
        CpuRatio = ours.CpuMilliseconds / theirs?.CpuMilliseconds,
        Details = string.Create(CultureInfo.InvariantCulture, $"cpu {ours.CpuMilliseconds,8:0.0} / {theirs?.CpuMilliseconds ?? double.NaN,8:0.0} ms, {ours.CpuMilliseconds / theirs?.CpuMilliseconds ?? double.NaN:0.00}  {details}"),
    };
}
