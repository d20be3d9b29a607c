using System.Collections.Concurrent;
using HostService.Host.Features.Invocations;
using HostService.Host.Storage;
using HostService.Host.Storage.Files;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.CoreDumps;

/// <summary>The latest core dumps of each tenant, as files in the data directory. Thread-safe.</summary>
internal sealed partial class CoreDumpFolder(IOptions<CoreDumpOptions> options, DataDirectory data, TimeProvider time, ILogger<CoreDumpFolder> logger)
{
    /// <summary>Under this key a trap's <see cref="Exception.Data"/> has the id of its dump.</summary>
    public const string IdKey = "HostService.CoreDump";

    private const string Extension = ".wasm";
    private const string Unfinished = ".unfinished";

    private readonly ConcurrentDictionary<string, TenantDumps> _tenants = new();
    private readonly string _root = data.Combine("core-dumps");

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
        var dumps = _tenants.GetOrAdd(tenant, _ => new TenantDumps());
        // Not waited for: whoever holds it writes a dump from just before, and this thread is one of the few that run the guests of all tenants.
        if (!Monitor.TryEnter(dumps))
        {
            return;
        }

        try
        {
            if (dumps.LastAt is { } last && time.GetElapsedTime(last) < TimeSpan.FromSeconds(options.Value.SecondsBetween))
            {
                return;
            }

            dumps.LastAt = time.GetTimestamp();
            trap.Data[IdKey] = Write(Path.Combine(_root, tenant), code.Name, store, trap);
        }
        catch (Exception failure)
        {
            // Whatever it is: a failure here in the place of the trap would hide what the guest did.
            LogFailure(failure, tenant);
        }
        finally
        {
            Monitor.Exit(dumps);
        }
    }

    /// <summary>A tenant's dumps, the latest first.</summary>
    public IReadOnlyList<CoreDumpFile> Of(string tenant)
    {
        var folder = Path.Combine(_root, tenant);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*" + Extension).Select(CoreDumpFile.Find).OfType<CoreDumpFile>().OrderByDescending(dump => dump.Id, StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Opens a tenant's dump; null when there is none, or it has just gone.</summary>
    public (CoreDumpFile Dump, FileStream Content)? Open(string tenant, string id)
    {
        try
        {
            return Find(tenant, id) is { } dump ? (dump, new FileStream(dump.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true)) : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A later one took its place.
            return null;
        }
    }

    /// <summary>Deletes a tenant's dump.</summary>
    /// <returns>False when there is none.</returns>
    public bool Delete(string tenant, string id)
    {
        if (Find(tenant, id) is not { } dump)
        {
            return false;
        }

        File.Delete(dump.Path);
        return true;
    }

    /// <summary>Deletes what processes that were killed left half-written. Called once, before the first request.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveUnfinished()
    {
        var unfinished = Directory.Exists(_root) ? Directory.GetFiles(_root, "*" + Unfinished, SearchOption.AllDirectories) : [];
        Array.ForEach(unfinished, File.Delete);
        return unfinished.Length;
    }

    private CoreDumpFile? Find(string tenant, string id) => Of(tenant).FirstOrDefault(dump => dump.Id == id);

    private string Write(string folder, string module, Store store, TrapException trap)
    {
        // Ids of version 7 ascend with time, and say nothing of other tenants.
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var path = Path.Combine(folder, CoreDumpFile.NameOf(id, module) + Extension);
        Directory.CreateDirectory(folder);
        var unfinished = path + Unfinished;
        try
        {
            // It has what the guest's memory held.
            using (var file = OwnerOnlyFile.Create(unfinished))
            {
                store.WriteCoreDump(trap, file, options.Value.MaxMemoryBytes, module);
            }

            File.Move(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }

        foreach (var old in Of(Path.GetFileName(folder)).Skip(options.Value.MaxPerTenant))
        {
            File.Delete(old.Path);
        }

        return id;
    }

    [LoggerMessage(400, LogLevel.Warning, "No core dump could be written for tenant {Tenant}.")]
    private partial void LogFailure(Exception failure, string tenant);

    private sealed class TenantDumps
    {
        public long? LastAt { get; set; }
    }
}
