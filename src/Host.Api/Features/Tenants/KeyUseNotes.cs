using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Stores when keys were used.</summary>
internal sealed partial class KeyUseNotes(KnownKeys keys, ITenantStore store, TimeProvider time, ILogger<KeyUseNotes> logger) : UseNotes<KeyUse>(TimeSpan.FromMinutes(1), time)
{
    protected override IEnumerable<KeyUse> Uses() => keys.Uses();

    protected override Task StoreAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken) => store.NoteKeyUseAsync(uses, cancellationToken);

    [LoggerMessage(110, LogLevel.Warning, "When keys were last used could not be stored.")]
    protected override partial void LogNotStored(Exception failure);
}
