using System.Diagnostics;
using HostService.Host.Errors;
using HostService.Host.Features.CoreDumps;
using HostService.Host.Features.Modules;
using HostService.Host.Observability;
using HostService.Runtime;
using HostService.Runtime.Errors;
using HostService.Runtime.Wasi.Preview1;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations;

/// <summary>Runs one invocation in a Store of its own, on the thread that calls.</summary>
internal sealed class Sandbox(Engine engine, IOptions<ExecutionLimits> options, HostMetrics metrics, HostActivities activities, CoreDumpRecorder dumps)
{
    private readonly StoreLimits _storeLimits = new()
    {
        MaxMemoryBytes = options.Value.MaxMemoryBytes,
        MaxTableElements = (ulong)options.Value.MaxTableElements,
        MaxHeapBytes = (ulong)options.Value.MaxHeapBytes,
        MaxInstances = 1,
        MaxStackBytes = options.Value.StackBytes,
    };

    /// <summary>Makes a Store and an instance, calls the guest, and leaves nothing behind.</summary>
    /// <exception cref="ModuleGoneException">The module was removed or replaced meanwhile; no guest code ran.</exception>
    /// <exception cref="ProblemException">The guest ran out of time, wrote too much, or exited where it was to return.</exception>
    /// <exception cref="WasmException">The guest trapped or asked for more than it may have.</exception>
    public InvocationResult<T> Run<T>(InvokedCode code, Invocation<T> invocation, Deadline deadline)
    {
        deadline.Start();
        ulong peakMemory = 0;
        try
        {
            using var store = new Store(engine, _storeLimits);
            deadline.Watch(store);
            using var world = invocation.World(code.Module, deadline.Token) is { } options ? new WasiContext(options) : null;
            if (world is not null)
            {
                store.SetExtension(world);
            }

            using var profile = invocation.Profile?.Begin(store);
            try
            {
                var instance = Instantiate(code.Module, store);
                using var activity = activities.Source.StartActivity("invoke");
                return new InvocationResult<T>(invocation.Call(instance), deadline.WallTime);
            }
            catch (ModuleGoneException)
            {
                // The invocation begins again with other code, and the profile is to be of that.
                profile?.Discard();
                throw;
            }
            catch (TrapException trap) when (trap.Code != TrapCode.Interrupted)
            {
                dumps.Save(code, store, trap);
                throw;
            }
            finally
            {
                peakMemory = store.PeakMemoryBytes;
            }
        }
        catch (WasiExitException exit)
        {
            // Commands take it for their end, which it is; a function that is called for its results has none.
            throw new ProblemException(ProblemTypes.FunctionFailed, $"The function called proc_exit with the exit code {exit.ExitCode}, so it has no results.")
            {
                Members = new Dictionary<string, object?> { ["exitCode"] = exit.ExitCode },
            };
        }
        catch (Exception thrown)
        {
            var explained = deadline.Explain(thrown);
            if (ReferenceEquals(explained, thrown))
            {
                throw;
            }

            throw explained;
        }
        finally
        {
            deadline.Stop();
            metrics.GuestStopped(invocation.Trigger, deadline.UsedCpuTime, peakMemory);
        }
    }

    private Instance Instantiate(CompiledModule module, Store store)
    {
        using var activity = activities.Source.StartActivity("instantiate");
        var started = Stopwatch.GetTimestamp();
        Instance instance;
        try
        {
            instance = module.Pre.Instantiate(store);
        }
        catch (ObjectDisposedException gone)
        {
            // Before anything of it ran: the Store is new, so it can only be the module.
            throw new ModuleGoneException(gone);
        }

        metrics.Instantiated(Stopwatch.GetElapsedTime(started));
        if (module.HasInitializer)
        {
            instance.GetFunction(CompiledModule.Initializer)!.Call([], []);
        }

        return instance;
    }
}
