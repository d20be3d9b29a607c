using System.Diagnostics;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Observability;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Modules;

/// <summary>Compiles and links binaries, a few at a time, on threads of their own.</summary>
/// <remarks>A compilation takes a core for seconds. On the thread pool it would keep requests waiting that have nothing to do with it.</remarks>
internal sealed class ModuleCompiler(Engine engine, IOptions<ExecutionLimits> limits, HostMetrics metrics, TimeProvider time) : IDisposable
{
    // Where all functions are compiled to machine code at once, the first call is as fast as the rest. It takes about 1 µs for each byte, so only small modules
    // are; of a large one, a call uses a fraction.
    private const int PrepareBelowBytes = 256 << 10;

    // The recursion of the CLR's own compiler is what needs the room; 16 MiB is twice what Linux gives a program's first thread.
    private const int ThreadStackBytes = 16 << 20;

    private const ulong PageBytes = 64 << 10;

    private readonly Linker _linker = new(engine);
    private readonly SemaphoreSlim _slots = new(limits.Value.MaxConcurrentCompilations);

    /// <summary>Compiles and links a binary.</summary>
    /// <exception cref="WasmException">It is malformed, invalid, too large in some respect, or imports what is not there.</exception>
    /// <exception cref="ProblemException">It can't run within this host's limits.</exception>
    public async Task<CompiledModule> CompileAsync(ReadOnlyMemory<byte> binary, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await OnThreadOfItsOwn(() => Compile(binary, cancellationToken));
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private static Task<CompiledModule> OnThreadOfItsOwn(Func<CompiledModule> work)
    {
        var completion = new TaskCompletionSource<CompiledModule>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    completion.SetResult(work());
                }
                catch (Exception failure)
                {
                    completion.SetException(failure);
                }
            },
            ThreadStackBytes) { IsBackground = true, Name = "compile" };
        thread.Start();
        return completion.Task;
    }

    private CompiledModule Compile(ReadOnlyMemory<byte> binary, CancellationToken cancellationToken)
    {
        using var activity = HostActivities.Source.StartActivity("compile");
        activity?.SetTag("hostservice.module.size", binary.Length);
        using var budget = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.Value.CompileMilliseconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        try
        {
            // No name: the module is shared by everybody who uploads this binary, under names of their own.
            var module = Module.Compile(engine, binary, name: null, either.Token);
            try
            {
                CheckAgainstLimits(module);
                var compiled = new CompiledModule(_linker.InstantiatePre(module));
                CheckStart(compiled);
                if (module.BinaryLength <= PrepareBelowBytes)
                {
                    module.Prepare(either.Token);
                }

                metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), "ok");
                return compiled;
            }
            catch
            {
                module.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), "timeout");
            throw new ProblemException(
                ProblemTypes.UnsupportedModule, $"Compiling the module takes longer than {limits.Value.CompileMilliseconds} ms (HostService__Limits__CompileMilliseconds).");
        }
        catch (Exception failure)
        {
            metrics.CompilationStopped(Stopwatch.GetElapsedTime(started), "refused");
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    // What no invocation could ever have is refused now, rather than at each call.
    private void CheckAgainstLimits(Module module)
    {
        if (module.InitialMemoryBytes > (ulong)limits.Value.MaxMemoryPages * PageBytes)
        {
            throw TooMuch($"{PagesOf(module.InitialMemoryBytes)} pages of memory", limits.Value.MaxMemoryPages, nameof(ExecutionLimits.MaxMemoryPages));
        }

        if (module.InitialTableElements > (ulong)limits.Value.MaxTableElements)
        {
            throw TooMuch($"{module.InitialTableElements} table elements", limits.Value.MaxTableElements, nameof(ExecutionLimits.MaxTableElements));
        }
    }

    // Rounded up, for memories whose pages are smaller.
    private static ulong PagesOf(ulong bytes) => (bytes / PageBytes) + (bytes % PageBytes == 0 ? 0UL : 1);

    private static ProblemException TooMuch(string what, int most, string setting) => new(
        ProblemTypes.UnsupportedModule, $"The module starts with {what}; this host gives an invocation {most} (HostService__Limits__{setting}).");

    private static void CheckStart(CompiledModule compiled)
    {
        if (compiled.Functions.TryGetValue(CompiledModule.Start, out var start) && start.Type is not { Parameters.IsEmpty: true, Results.IsEmpty: true })
        {
            throw new ProblemException(ProblemTypes.UnsupportedModule, $"_start must have no parameters and no results, as WASI says, but {start.Takes}.");
        }
    }
}
