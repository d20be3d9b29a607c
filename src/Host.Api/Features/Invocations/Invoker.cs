using System.Diagnostics;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Threads;
using HostService.Host.Features.Modules;
using HostService.Host.Observability;
using HostService.Runtime;
using HostService.Runtime.Errors;
using HostService.Runtime.Wasi.Preview1;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations;

/// <summary>Takes an invocation from the request's thread to a guest's and back, and counts it.</summary>
internal sealed class Invoker(ModuleCatalog catalog, Sandbox sandbox, GuestThreads threads, QuickCalls quick, IOptions<ExecutionLimits> limits, HostMetrics metrics, TimeProvider time)
{
    /// <summary>The code of a module. Waits while it is compiled, which makes this a cold start.</summary>
    public ValueTask<CompiledModule> CodeAsync(ModuleEntry entry, CancellationToken cancellationToken)
    {
        entry.Use(time.GetUtcNow());
        return entry.Lease.Ready is { } ready ? new ValueTask<CompiledModule>(ready) : ColdAsync(entry, cancellationToken);
    }

    /// <summary>Runs an invocation of a module.</summary>
    /// <exception cref="ProblemException">It could not begin, or ran out of time.</exception>
    /// <exception cref="WasmException">The guest trapped or asked for more than it may have.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<InvocationResult<T>> InvokeAsync<T>(ModuleEntry entry, CompiledModule code, Invocation<T> invocation, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                using var deadline = new Deadline(limits.Value, time, code.UsesWasi, cancellationToken);
                try
                {
                    var running = new InvokedCode(code, entry.Stored.Tenant, entry.Stored.Name, entry.Stored.CoreDumps);
                    var history = invocation.Profile is null ? entry.Calls.Of(invocation.Function) : null;
                    var place = history is null ? null : quick.TryEnter(entry.Stored.Tenant, history);
                    var result = place is null ? await RunThereAsync(running, invocation, deadline, history) : RunHere(running, invocation, deadline, history!, place);
                    metrics.InvocationStopped(invocation.Trigger, Stopwatch.GetElapsedTime(started));
                    return result;
                }
                catch (ModuleGoneException)
                {
                    // Replaced by another version, or removed.
                    entry = catalog.Find(entry.Stored.Tenant, entry.Stored.Name)
                        ?? throw new ProblemException(ProblemTypes.ModuleNotFound, $"There is no module \"{entry.Stored.Name}\".");
                    code = await catalog.CodeAsync(entry, cancellationToken);
                    invocation.CheckAgainst(code);
                }
            }
        }
        catch (Exception failure)
        {
            Count(failure, invocation.Trigger, Stopwatch.GetElapsedTime(started));
            throw;
        }
    }

    // Hands a guest to a thread of its own.
    private async Task<InvocationResult<T>> RunThereAsync<T>(InvokedCode code, Invocation<T> invocation, Deadline deadline, CallHistory? history)
    {
        try
        {
            var result = await threads.RunAsync(() => sandbox.Run(code, invocation, deadline));
            history?.Note(deadline.UsedCpuTime, result.Duration);
            return result;
        }
        catch
        {
            history?.Slow();
            throw;
        }
    }

    // Runs a guest where its request is.
    private InvocationResult<T> RunHere<T>(InvokedCode code, Invocation<T> invocation, Deadline deadline, CallHistory history, QuickCalls.Place place)
    {
        try
        {
            var result = sandbox.Run(code, invocation, deadline);
            history.Note(deadline.UsedCpuTime, result.Duration);
            return result;
        }
        catch
        {
            history.Slow();
            throw;
        }
        finally
        {
            quick.Leave(place, code.Tenant, history, deadline);
        }
    }

    private async ValueTask<CompiledModule> ColdAsync(ModuleEntry entry, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var code = await catalog.CodeAsync(entry, cancellationToken);
        metrics.ColdStart(Stopwatch.GetElapsedTime(started));
        return code;
    }

    private void Count(Exception failure, Trigger trigger, TimeSpan duration)
    {
        switch (failure)
        {
            case OperationCanceledException:
                metrics.InvocationFailed(trigger, duration, "cancelled");
                break;
            case TrapException trap:
                metrics.Trapped(trap.Code);
                metrics.InvocationFailed(trigger, duration, "trap");
                break;
            case GuestException:
                metrics.InvocationFailed(trigger, duration, ProblemTypes.UncaughtException.Slug);
                break;
            case ProblemException { Type: var type } when type == ProblemTypes.DeadlineExceeded:
                metrics.TimedOut(trigger);
                metrics.InvocationFailed(trigger, duration, type.Slug);
                break;
            case ProblemException problem:
                metrics.InvocationFailed(trigger, duration, problem.Type.Slug);
                break;
            default:
                metrics.InvocationFailed(trigger, duration, failure is WasmException ? ProblemTypes.ResourceExhausted.Slug : ProblemTypes.Internal.Slug);
                break;
        }
    }
}
