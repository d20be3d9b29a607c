using System.Collections.Concurrent;
using HostService.Host.Errors;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>Every module of every tenant in memory, so that a call asks no database. The store is the truth; this follows it.</summary>
internal sealed class ModuleCatalog(IModuleStore store, CompiledModules compiled, ModuleArtifacts artifacts, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Tenant, string Name), ModuleEntry> _entries = new();

    // One change at a time, so that the catalog takes changes in the order in which the store did.
    private readonly SemaphoreSlim _changes = new(1, 1);

    /// <summary>Every entry, in no order.</summary>
    public IEnumerable<ModuleEntry> Entries => _entries.Values;

    /// <summary>A module, or null.</summary>
    public ModuleEntry? Find(string tenant, string name) => _entries.GetValueOrDefault((tenant, name));

    /// <summary>The code of a version as the store knows it, or null while that is not compiled.</summary>
    public CompiledModule? ReadyCodeOf(StoredModule stored) =>
        Find(stored.Tenant, stored.Name) is { } entry && entry.Stored.Current.Digest == stored.Current.Digest ? entry.Lease.Ready : null;

    /// <summary>Reads the store. Called once, before the first request.</summary>
    /// <returns>The entries, the most recently used first.</returns>
    public async Task<IReadOnlyList<ModuleEntry>> LoadAsync(CancellationToken cancellationToken)
    {
        var modules = await store.ListAllAsync(cancellationToken);
        return [.. modules.Select(Set)];
    }

    /// <summary>Makes a binary the current version of a module.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="binary">The binary, of which the caller holds the code.</param>
    /// <param name="module">The code.</param>
    /// <returns>The module, and whether anything changed.</returns>
    public Task<(StoredModule Module, bool Created)> AddVersionAsync(string tenant, string name, StagedBinary binary, CompiledModule module) => InTurnAsync(async () =>
    {
        // From here on the upload is carried out whether or not the client still waits, so that store and catalog agree.
        var description = new VersionDescription(module.Abi, module.Exports, module.Imports, time.GetUtcNow());
        var (stored, created) = await store.AddVersionAsync(tenant, name, binary, description, CancellationToken.None);
        if (created)
        {
            Set(stored);
        }

        artifacts.Keep(binary.Digest, module);
        return (stored, created);
    });

    /// <summary>Changes what is set about a module.</summary>
    /// <returns>The module, or null when there is none.</returns>
    public Task<StoredModule?> ChangeAsync(string tenant, string name, ModuleChange change) => InTurnAsync(async () =>
    {
        var stored = await store.ChangeAsync(tenant, name, change, CancellationToken.None);
        if (stored is not null)
        {
            Set(stored);
        }

        return stored;
    });

    /// <summary>Removes a module.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> DeleteAsync(string tenant, string name) => InTurnAsync(async () =>
    {
        var deleted = await store.DeleteAsync(tenant, name, CancellationToken.None);
        if (_entries.TryRemove((tenant, name), out var entry))
        {
            entry.Lease.Dispose();
        }

        return deleted;
    });

    /// <summary>The code of a module. Waits while it is compiled.</summary>
    public ValueTask<CompiledModule> CodeAsync(ModuleEntry entry, CancellationToken cancellationToken) => entry.Lease.Ready is { } ready
        ? new ValueTask<CompiledModule>(ready)
        : new ValueTask<CompiledModule>(CompileStoredAsync(entry, cancellationToken));

    public void Dispose() => _changes.Dispose();

    private async Task<CompiledModule> CompileStoredAsync(ModuleEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            var digest = entry.Stored.Current.Digest;
            try
            {
                var module = await entry.Lease.GetAsync(token => store.ReadBinaryAsync(digest, token), cancellationToken);
                artifacts.Keep(digest, module);
                return module;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested && Find(entry.Stored.Tenant, entry.Stored.Name) is var now && now != entry)
            {
                // Removed or replaced while it was waited for: its file may have gone, or its compilation been given up. That is no fault of the disk's.
                entry = now ?? throw new ProblemException(ProblemTypes.ModuleNotFound, $"There is no module \"{entry.Stored.Name}\".");
            }
        }
    }

    private ModuleEntry Set(StoredModule stored)
    {
        var key = (stored.Tenant, stored.Name);
        var entry = new ModuleEntry(stored, compiled.Acquire(stored.Current.Digest));
        var before = _entries.GetValueOrDefault(key);
        _entries[key] = entry;
        // After the new lease is taken, or code that both share would go and come back.
        before?.Lease.Dispose();
        return entry;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> change)
    {
        await _changes.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    }
}
