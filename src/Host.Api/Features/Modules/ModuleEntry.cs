using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Threads;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>A module as calls see it: what is stored, and the lease on its code. Immutable but for what is noted of its calls; a change makes another entry.</summary>
internal sealed class ModuleEntry(StoredModule stored, CodeLease lease)
{
    private long _lastUsed = stored.LastUsedAt.ToUnixTimeMilliseconds();

    public StoredModule Stored { get; } = stored;

    public CodeLease Lease { get; } = lease;

    /// <summary>What requests that call it are about.</summary>
    public InvokedModule Invoked { get; } = new(stored.Tenant, stored.Name);

    /// <summary>How long its functions took.</summary>
    public CallHistories Calls { get; } = new();

    /// <summary>When it was last called.</summary>
    public DateTimeOffset LastUsedAt => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _lastUsed));

    /// <summary>Notes a call. To within a second, so that processors do not fight over the line of memory.</summary>
    public void Use(DateTimeOffset now)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        if (milliseconds - Volatile.Read(ref _lastUsed) >= 1_000)
        {
            Volatile.Write(ref _lastUsed, milliseconds);
        }
    }
}
