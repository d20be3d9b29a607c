using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>Stores when modules were used, which is the order in which the next start makes them ready.</summary>
internal sealed partial class ModuleUseNotes(ModuleCatalog catalog, IModuleStore store, TimeProvider time, ILogger<ModuleUseNotes> logger)
    : UseNotes<ModuleUse>(TimeSpan.FromSeconds(15), time)
{
    protected override IEnumerable<ModuleUse> Uses() => catalog.Entries.Select(entry => new ModuleUse(entry.Stored.Tenant, entry.Stored.Name, entry.LastUsedAt));

    protected override Task StoreAsync(IReadOnlyList<ModuleUse> uses, CancellationToken cancellationToken) => store.NoteUseAsync(uses, cancellationToken);

    [LoggerMessage(212, LogLevel.Warning, "When modules were last used could not be stored.")]
    protected override partial void LogNotStored(Exception failure);
}
