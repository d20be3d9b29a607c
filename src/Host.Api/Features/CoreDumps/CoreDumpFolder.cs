using System.Collections.Concurrent;
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
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ConcurrentDictionary<string, TenantDumps> _tenants = new();
    private readonly string _root = data.Combine("core-dumps");

    /// <summary>Leaves a dump of a trap, if dumps are switched on and the tenant has none from just before. To be called while the Store is as the trap left it.</summary>
    /// <remarks>What goes wrong is logged: the client is to learn of the trap.</remarks>
    public void Save(string tenant, string module, Store store, TrapException trap)
    {
        if (!options.Value.Enabled || trap.Frames.IsEmpty)
        {
            return;
        }

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
            trap.Data[IdKey] = Write(Path.Combine(_root, tenant), module, store, trap);
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
    public IReadOnlyList<FileInfo> Of(string tenant)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, tenant));
        return folder.Exists ? [.. folder.GetFiles("*" + Extension).OrderByDescending(file => file.Name, StringComparer.Ordinal)] : [];
    }

    /// <summary>A tenant's dump, or null.</summary>
    public FileInfo? Find(string tenant, string id) => Of(tenant).FirstOrDefault(file => IdOf(file) == id);

    /// <summary>The id of a dump.</summary>
    public static string IdOf(FileInfo file) => Path.GetFileNameWithoutExtension(file.Name);

    private string Write(string folder, string module, Store store, TrapException trap)
    {
        // Ids of version 7 ascend with time, and say nothing of other tenants.
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var path = Path.Combine(folder, id + Extension);
        Directory.CreateDirectory(folder);
        var unfinished = path + ".unfinished";
        try
        {
            using (var file = Create(unfinished))
            {
                store.WriteCoreDump(trap, file, options.Value.MaxMemoryBytes, module);
            }

            File.Move(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }

        // Of a process that was killed: nobody else writes for this tenant now.
        foreach (var stale in Directory.GetFiles(folder, "*.unfinished"))
        {
            File.Delete(stale);
        }

        foreach (var old in Of(Path.GetFileName(folder)).Skip(options.Value.MaxPerTenant))
        {
            old.Delete();
        }

        return id;
    }

    // It has what the guest's memory held, so it is readable by the service alone, also in a data directory that others may enter.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    [LoggerMessage(1, LogLevel.Warning, "No core dump could be written for tenant {Tenant}.")]
    private partial void LogFailure(Exception failure, string tenant);

    private sealed class TenantDumps
    {
        public long? LastAt { get; set; }
    }
}
