using System.Diagnostics;
using System.Globalization;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Hostile;

/// <summary>What came of a scenario in this process.</summary>
/// <param name="Ending">How it ended, in words.</param>
/// <param name="CompileMilliseconds">From the binary to the module.</param>
/// <param name="RunMilliseconds">Instantiation and calls.</param>
/// <param name="StopMilliseconds">From the deadline to the end; 0 without one.</param>
/// <param name="Megabytes">How much the process grew at its largest.</param>
internal sealed record Trial(string Ending, long CompileMilliseconds, long RunMilliseconds, long StopMilliseconds, long Megabytes)
{
    // What the service gives its threads that run guests is more: here the guests' limit is as close to the end of the stack as it may come.
    private const int ThreadStackBytes = 768 << 10;

    // A quarter of what the service gives, so that the corpus does not take minutes where the service would.
    private static readonly CompilationTrialOptions s_limits = new() { MaxProcessorTime = TimeSpan.FromSeconds(5) };

    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(250);

    public static Trial Run(Scenario scenario, BoundsChecks boundsChecks)
    {
        var binary = scenario.Binary();
        GC.Collect();
        ResidentSet.ResetPeak();
        var before = ResidentSet.CurrentMegabytes;
        var (compile, run, late) = (new Stopwatch(), new Stopwatch(), new Stopwatch());
        var ending = "";
        var guest = new Thread(() => ending = EndingOf(() => Attempt(scenario, binary, boundsChecks, compile, run, late)), ThreadStackBytes);
        guest.Start();
        guest.Join();
        compile.Stop();
        run.Stop();
        late.Stop();
        return new Trial(ending, compile.ElapsedMilliseconds, run.ElapsedMilliseconds, late.ElapsedMilliseconds, Math.Max(0, ResidentSet.PeakMegabytes - before));
    }

    private static void Attempt(Scenario scenario, byte[] binary, BoundsChecks boundsChecks, Stopwatch compile, Stopwatch run, Stopwatch late)
    {
        using var engine = new Engine(GuestCode.Choose(new EngineOptions { BoundsChecks = boundsChecks, Features = WasmFeatures.LegacyExceptions | WasmFeatures.Threads, Trial = scenario.IsTried ? s_limits : null }, scenario.Code));
        compile.Start();
        using var module = Module.Compile(engine, binary, "hostile");
        compile.Stop();
        run.Start();
        using var store = new Store(engine, scenario.Limits);
        var linker = new Linker(engine)
            .DefineFunction("host", "again", (Caller caller) => CallAgain(caller))
            .DefineFunction("host", "nothing", () => { });
        if (scenario.IsEndless)
        {
            store.SetEpochDeadline(1);
            new Thread(() => Interrupt(engine, late)) { IsBackground = true }.Start();
        }

        var instance = linker.Instantiate(store, module);
        if (scenario.Act is { } act)
        {
            act(instance);
        }
        else
        {
            instance.GetFunction("run")?.Call();
        }

        run.Stop();
    }

    private static void CallAgain(Caller caller) => caller.GetFunction("run")!.Call();

    private static void Interrupt(Engine engine, Stopwatch late)
    {
        Thread.Sleep(s_deadline);
        late.Start();
        engine.IncrementEpoch();
    }

    private static string EndingOf(Action attempt)
    {
        try
        {
            attempt();
            return Scenario.Returns;
        }
        catch (TrapException trap)
        {
            return $"trap {trap.Code}";
        }
        catch (GuestException)
        {
            return "uncaught exception";
        }
        catch (WasmException refusal)
        {
            return $"refused {refusal.GetType().Name}: {OneLine(refusal.Message)}";
        }
        catch (Exception unexpected)
        {
            return $"unexpected {unexpected.GetType().Name}: {OneLine(unexpected.ToString())}";
        }
    }

    private static string OneLine(string text) => (text.Length > 600 ? text[..600] : text).ReplaceLineEndings(" ");

    /// <summary>One line, for the process that waits for it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CompileMilliseconds}|{RunMilliseconds}|{StopMilliseconds}|{Megabytes}|{Ending}");

    public static Trial Parse(string line)
    {
        var parts = line.TrimEnd().Split('|', 5);
        var numbers = parts[..4].Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new Trial(parts[4], numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
