using HostService.Host.Storage.Files;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.CoreDumps;

/// <summary>The latest core dumps of each tenant, as files in the data directory. Thread-safe, except that dumps of one tenant must be written one at a time.</summary>
internal sealed class CoreDumpFolder(IOptions<CoreDumpOptions> options, DataDirectory data, TimeProvider time)
{
    private const string Extension = ".wasm";
    private const string Unfinished = ".unfinished";

    private readonly string _root = data.Combine("core-dumps");

    /// <summary>Writes a tenant's dump, in the place of its oldest one where it has too many.</summary>
    /// <returns>Its id.</returns>
    public string Write(string tenant, string module, Store store, TrapException trap)
    {
        var folder = FolderOf(tenant);
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

        foreach (var old in Of(tenant).Skip(options.Value.MaxPerTenant))
        {
            File.Delete(old.Path);
        }

        return id;
    }

    /// <summary>A tenant's dumps, the latest first.</summary>
    public IReadOnlyList<CoreDumpFile> Of(string tenant)
    {
        var folder = FolderOf(tenant);
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

    private string FolderOf(string tenant) => Path.Combine(_root, tenant);

    private CoreDumpFile? Find(string tenant, string id) => Of(tenant).FirstOrDefault(dump => dump.Id == id);
}
