using System.Diagnostics;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Observability;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Modules;

/// <summary>Compiles binaries, or loads what was compiled earlier, and links them: a few at a time, on threads of their own.</summary>
internal sealed class ModuleCompiler(
    Engine engine,
    ModuleArtifacts artifacts,
    ModuleAdmission admission,
    OptimizationWatch optimizations,
    IOptions<ExecutionLimits> limits,
    HostMetrics metrics,
    HostActivities activities,
    TimeProvider time) : IDisposable
{
    // Where all functions are compiled to machine code at once, the first call is as fast as the rest. Optimised that takes about 1 µs for each byte, and a tenth
    // of that as baseline code, so only small modules are; of a large one, a call uses a fraction.
    private const int PrepareBelowBytes = 256 << 10;

    private readonly Linker _linker = new(engine);
    private readonly SemaphoreSlim _slots = new(limits.Value.MaxConcurrentCompilations);

    /// <summary>Makes a module ready to run.</summary>
    /// <param name="digest">Which binary.</param>
    /// <param name="read">Gets it, when it has to be compiled.</param>
    /// <param name="cancellationToken">Ends the waiting for a turn, and the compilation between two functions.</param>
    /// <exception cref="WasmException">It is malformed, invalid, too large in some respect, or imports what is not there.</exception>
    /// <exception cref="ProblemException">It can't run within this host's limits, or the process has no room for more code.</exception>
    public async Task<CompiledModule> CompileAsync(Digest digest, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await using (var artifact = await artifacts.FindAsync(digest, cancellationToken))
            {
                if (artifact is not null && await CompilationThread.RunAsync(() => Load(digest, artifact)) is { } loaded)
                {
                    return loaded;
                }
            }

            var binary = await read(cancellationToken);
            return await CompilationThread.RunAsync(() => Compile(digest, binary, cancellationToken));
        }
        catch (ResourceLimitException full)
        {
            throw new ProblemException(ProblemTypes.CompilationUnavailable, full.Message);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Makes the machine code of the functions that invocations ran so far, in its turn among compilations and for no longer than one may take. What is not made by then is left to the calls that need it.</summary>
    /// <param name="digest">Which binary.</param>
    /// <param name="module">The module.</param>
    /// <param name="cancellationToken">Ends it between two functions.</param>
    /// <exception cref="ProblemException">The process has no room for more code. What was made until then stays.</exception>
    public async Task PrepareAsync(Digest digest, CompiledModule module, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            using var budget = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.Value.CompileMilliseconds), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
            await CompilationThread.RunAsync(() => Prepare(module.Pre.Module, either.Token));
        }
        catch (ResourceLimitException full)
        {
            throw new ProblemException(ProblemTypes.CompilationUnavailable, full.Message);
        }
        finally
        {
            _slots.Release();
        }

        cancellationToken.ThrowIfCancellationRequested();
        artifacts.Keep(digest, module);
    }

    public void Dispose() => _slots.Dispose();

    private bool Prepare(Module module, CancellationToken cancellationToken)
    {
        using var activity = activities.Source.StartActivity("prepare");
        activity?.SetTag("hostservice.module.profiled_functions", module.ProfiledFunctionCount);
        try
        {
            module.PrepareProfiled(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private CompiledModule? Load(Digest digest, Stream artifact)
    {
        using var activity = activities.Source.StartActivity("load");
        var bytes = artifact.Length - artifact.Position;
        activity?.SetTag("hostservice.artifact.size", bytes);
        var started = Stopwatch.GetTimestamp();
        if (artifacts.Load(digest, artifact) is not { } module)
        {
            return null;
        }

        var (verdict, profile) = (module.Verdict, module.ProfiledFunctionCount);
        var loaded = Finish(digest, module, CodeOrigin.Artifact, started, CancellationToken.None);
        (loaded.KeptVerdict, loaded.KeptProfile) = (verdict, profile);
        loaded.ArtifactBytes = bytes;
        return loaded;
    }

    private CompiledModule Compile(Digest digest, ReadOnlyMemory<byte> binary, CancellationToken cancellationToken)
    {
        using var activity = activities.Source.StartActivity("compile");
        activity?.SetTag("hostservice.module.size", binary.Length);
        using var budget = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.Value.CompileMilliseconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        try
        {
            // No name: the module is shared by everybody who uploads this binary, under names of their own.
            return Finish(digest, Module.Compile(engine, binary, name: null, either.Token), CodeOrigin.Compilation, started, either.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), CodeOrigin.Compilation, "timeout");
            throw new ProblemException(
                ProblemTypes.UnsupportedModule, $"Compiling the module takes longer than {limits.Value.CompileMilliseconds} ms (HostService__Limits__CompileMilliseconds).");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), CodeOrigin.Compilation, "abandoned");
            throw;
        }
        catch (Exception failure)
        {
            metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), CodeOrigin.Compilation, "refused");
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    // From the engine's module to one that is linked and known to fit. Disposes it when it does not.
    private CompiledModule Finish(Digest digest, Module module, CodeOrigin origin, long started, CancellationToken cancellationToken)
    {
        try
        {
            admission.CheckLimits(module);
            var pre = _linker.InstantiatePre(module);
            if (module.BinaryLength <= PrepareBelowBytes)
            {
                module.Prepare(cancellationToken);
            }

            var duration = Stopwatch.GetElapsedTime(started);
            var compiled = new CompiledModule(pre, origin, duration);
            ModuleAdmission.CheckStart(compiled);
            metrics.CompilationStopped(duration, origin, "ok");
            optimizations.Begin(digest, compiled);
            return compiled;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }
}
