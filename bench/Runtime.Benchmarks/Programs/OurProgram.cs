using System.Runtime.CompilerServices;
using System.Text;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;
using HostService.Runtime.Types;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>A program on the engine of this repository, tiered as the service runs it.</summary>
internal static class OurProgram
{
    private const ulong FarDeadline = 1UL << 40;
    private const int SteadyRuns = 10;
    private const int Instantiations = 2_000;

    // Optimising more takes many minutes: such a module is measured on baseline code.
    private const int MaxOptimizedFunctions = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    public static ProgramTimes Measure(GuestProgram program)
    {
        var binary = program.ReadBinary();
        using var engine = NewEngine();
        var times = new ProgramTimes();
        times.Memory.Add(MemoryUse.Now("before"));
        var artifact = Path.GetTempFileName();
        try
        {
            MeasureCompiled(engine, program, binary, artifact, times);
            times.Memory.Add(MemoryUse.Now("unloaded"));
            MeasureStored(engine, program, artifact, times);
        }
        finally
        {
            File.Delete(artifact);
        }

        times.InstantiateOneFunction = MeasureInstantiation(engine, WasmtimePeer.ToBinary(InstantiationModules.Functions(1)));
        return times;
    }

    /// <summary>Only the first run of a module that did something else before.</summary>
    public static ProgramTimes MeasurePrepared(GuestProgram program)
    {
        var binary = program.ReadBinary();
        using var engine = NewEngine();
        var times = new ProgramTimes();
        Module? module = null;
        InstancePre? pre = null;
        times.Prepared = Elapsed.Of(() =>
        {
            module = Module.Compile(engine, binary);
            pre = new Linker(engine).InstantiatePre(module);
            Run(engine, pre, program.Rehearsal!);
            module.PrepareProfiled();
        });
        using var owner = module!;
        times.PreparedFirst = Elapsed.Of(() => Run(engine, pre!, program));
        return times;
    }

    /// <summary>Only how long it takes until every function is optimised.</summary>
    public static ProgramTimes MeasureOptimized(GuestProgram program)
    {
        var binary = program.ReadBinary();
        using var engine = NewEngine();
        var optimized = false;
        var elapsed = Elapsed.Of(() =>
        {
            using var module = Module.Compile(engine, binary);
            optimized = WaitForOptimization(module);
        });
        return new ProgramTimes { Optimized = optimized ? elapsed : default };
    }

    private static Engine NewEngine() =>
        new(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions, Compilation = CompilationStrategy.Tiered, Features = WasmFeatures.LegacyExceptions });

    // Not inlined, so that nothing of the module is left in the caller's frame when memory is looked at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MeasureCompiled(Engine engine, GuestProgram program, byte[] binary, string artifact, ProgramTimes times)
    {
        Module? module = null;
        InstancePre? pre = null;
        times.Ready = Elapsed.Of(() =>
        {
            module = Module.Compile(engine, binary);
            pre = new Linker(engine).InstantiatePre(module);
        });
        using var owner = module!;
        times.First = Elapsed.Of(() => Run(engine, pre!, program));
        File.WriteAllBytes(artifact, owner.Serialize());
        times.Memory.Add(MemoryUse.Now("after the first run"));
        var optimized = WaitForOptimization(owner);
        times.Steady = Elapsed.Best(SteadyRuns, () => Run(engine, pre!, program));
        times.Instantiate = MeasureInstantiation(engine, pre!);
        times.Memory.Add(MemoryUse.Now(optimized ? "optimised" : "after ten runs"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MeasureStored(Engine engine, GuestProgram program, string artifact, ProgramTimes times)
    {
        Module? module = null;
        InstancePre? pre = null;
        times.StoredReady = Elapsed.Of(() =>
        {
            module = Module.Deserialize(engine, File.ReadAllBytes(artifact));
            pre = new Linker(engine).InstantiatePre(module);
        });
        using var owner = module!;
        SpinWait.SpinUntil(() => owner.Optimization!.OptimizedFunctions > 0 || owner.Optimization.Completion.IsCompleted, s_patience);
        times.StoredFirst = Elapsed.Of(() => Run(engine, pre!, program));
    }

    private static bool WaitForOptimization(Module module)
    {
        if (module.FunctionCount > MaxOptimizedFunctions)
        {
            return false;
        }

        if (!module.Optimization!.Completion.Wait(s_patience))
        {
            throw new TimeoutException($"The module was not optimised within {s_patience}.");
        }

        return true;
    }

    private static Elapsed MeasureInstantiation(Engine engine, byte[] binary)
    {
        using var module = Module.Compile(engine, binary);
        WaitForOptimization(module);
        return MeasureInstantiation(engine, new Linker(engine).InstantiatePre(module));
    }

    private static Elapsed MeasureInstantiation(Engine engine, InstancePre pre)
    {
        var best = Elapsed.Best(SteadyRuns, () =>
        {
            for (var i = 0; i < Instantiations; i++)
            {
                using var store = new Store(engine);
                pre.Instantiate(store);
            }
        });
        return new Elapsed(best.Milliseconds / Instantiations, best.CpuMilliseconds / Instantiations);
    }

    private static void Run(Engine engine, InstancePre pre, GuestProgram program)
    {
        using var output = new MemoryStream();
        using var world = new WasiContext(new WasiOptions
        {
            Arguments = [.. program.Arguments],
            StandardInput = new MemoryStream(program.Input),
            StandardOutput = output,
            Preopens = [WasiPreopen.Virtual("/")],
        });
        using var store = new Store(engine);
        store.SetEpochDeadline(FarDeadline);
        store.SetExtension(world);
        try
        {
            pre.Instantiate(store).GetAction("_start")();
        }
        catch (WasiExitException exit) when (exit.ExitCode == 0)
        {
            // The usual end of a command.
        }

        program.Check(Encoding.UTF8.GetString(output.ToArray()));
    }
}
