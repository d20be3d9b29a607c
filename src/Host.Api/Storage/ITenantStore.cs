namespace HostService.Host.Storage;

/// <summary>Tenants, their keys, and the few settings that belong to the data rather than to the configuration.</summary>
/// <remarks>Thread-safe. When a method that writes returns, what it wrote survives a crash of the process and of the machine.</remarks>
public interface ITenantStore
{
    /// <summary>Adds a tenant.</summary>
    /// <returns>False when it exists; nothing is changed then.</returns>
    Task<bool> AddTenantAsync(string tenant, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>The tenants, by name.</summary>
    Task<IReadOnlyList<StoredTenant>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <summary>Whether a tenant exists.</summary>
    Task<bool> TenantExistsAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Adds a key.</summary>
    /// <returns>False when its tenant doesn't exist.</returns>
    Task<bool> AddKeyAsync(StoredKey key, CancellationToken cancellationToken);

    /// <summary>The key with this hash, or null.</summary>
    Task<StoredKey?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>The keys of a tenant, the oldest first; none when there is no such tenant.</summary>
    Task<IReadOnlyList<StoredKey>> ListKeysAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Removes the key with this hash.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> RemoveKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Notes when keys were used; what is noted never goes back. Keys that are gone are passed over.</summary>
    Task NoteKeyUseAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken);

    /// <summary>The value of a setting, or null when it was never set.</summary>
    Task<string?> FindSettingAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets a setting.</summary>
    Task SetSettingAsync(string name, string value, CancellationToken cancellationToken);
}
