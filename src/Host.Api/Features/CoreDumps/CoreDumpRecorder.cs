using System.Collections.Concurrent;
using HostService.Host.Features.Invocations;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.CoreDumps;

/// <summary>Decides which traps leave core dumps, and has those written. Thread-safe.</summary>
internal sealed partial class CoreDumpRecorder(CoreDumpFolder folder, IOptions<CoreDumpOptions> options, TimeProvider time, ILogger<CoreDumpRecorder> logger)
{
    /// <summary>Under this key a trap's <see cref="Exception.Data"/> has the id of its dump.</summary>
    public const string IdKey = "HostService.CoreDump";

    private readonly ConcurrentDictionary<string, TenantState> _tenants = new();

    /// <summary>Leaves a dump of a trap, if dumps are switched on and the tenant has none from just before. To be called while the Store is as the trap left it.</summary>
    /// <remarks>What goes wrong is logged: the client is to learn of the trap.</remarks>
    public void Save(InvokedCode code, Store store, TrapException trap)
    {
        var wanted = code.CoreDumps == CoreDumpChoice.On || (code.CoreDumps == CoreDumpChoice.Default && options.Value.Enabled);
        if (!wanted || options.Value.MaxPerTenant == 0 || trap.Frames.IsEmpty)
        {
            return;
        }

        var tenant = code.Tenant;
        var state = _tenants.GetOrAdd(tenant, _ => new TenantState());
        // Not waited for: whoever holds it writes a dump from just before, and this thread is one of the few that run the guests of all tenants.
        if (!Monitor.TryEnter(state))
        {
            return;
        }

        try
        {
            if (state.LastAt is { } last && time.GetElapsedTime(last) < TimeSpan.FromSeconds(options.Value.SecondsBetween))
            {
                return;
            }

            state.LastAt = time.GetTimestamp();
            trap.Data[IdKey] = folder.Write(tenant, code.Name, store, trap);
        }
        catch (Exception failure)
        {
            // Whatever it is: a failure here in the place of the trap would hide what the guest did.
            LogFailure(failure, tenant);
        }
        finally
        {
            Monitor.Exit(state);
        }
    }

    [LoggerMessage(400, LogLevel.Warning, "No core dump could be written for tenant {Tenant}.")]
    private partial void LogFailure(Exception failure, string tenant);

    private sealed class TenantState
    {
        public long? LastAt { get; set; }
    }
}
