using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using static HostService.Host.Storage.Sqlite.SqliteDatabase;

namespace HostService.Host.Storage.Sqlite;

/// <summary>Tenants, keys and settings in SQLite.</summary>
internal sealed class SqliteTenantStore(SqliteDatabase database) : ITenantStore
{
    private const string SelectKeys = "SELECT hash, tenant, role, created_at, last_used_at FROM api_keys";

    public Task<bool> AddTenantAsync(string tenant, DateTimeOffset createdAt, CancellationToken cancellationToken) => database.WriteAsync(
        connection => Execute(
            connection, "INSERT INTO tenants (id, created_at) VALUES ($id, $at) ON CONFLICT DO NOTHING", ("$id", tenant), ("$at", createdAt.ToUnixTimeMilliseconds())) == 1,
        cancellationToken);

    public Task<IReadOnlyList<StoredTenant>> ListTenantsAsync(CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult<IReadOnlyList<StoredTenant>>(Query(
            connection, row => new StoredTenant(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), "SELECT id, created_at FROM tenants ORDER BY id"));
    }

    public Task<bool> TenantExistsAsync(string tenant, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult(Exists(connection, tenant));
    }

    public Task<bool> AddKeyAsync(StoredKey key, CancellationToken cancellationToken) => database.WriteAsync(
        connection => Exists(connection, key.Tenant) && Execute(
            connection,
            "INSERT INTO api_keys (hash, tenant, role, created_at) VALUES ($hash, $tenant, $role, $at)",
            ("$hash", key.Hash.ToArray()),
            ("$tenant", key.Tenant),
            ("$role", NameOf(key.Role)),
            ("$at", key.CreatedAt.ToUnixTimeMilliseconds())) == 1,
        cancellationToken);

    public Task<StoredKey?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        var found = Query(connection, Read, SelectKeys + " WHERE hash = $hash", ("$hash", hash.ToArray()));
        return Task.FromResult(found.SingleOrDefault());
    }

    public Task<IReadOnlyList<StoredKey>> ListKeysAsync(string tenant, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult<IReadOnlyList<StoredKey>>(Query(connection, Read, SelectKeys + " WHERE tenant = $tenant ORDER BY created_at, hash", ("$tenant", tenant)));
    }

    public Task<bool> RemoveKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => database.WriteAsync(
        connection => Execute(connection, "DELETE FROM api_keys WHERE hash = $hash", ("$hash", hash.ToArray())) == 1,
        cancellationToken);

    public Task NoteKeyUseAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken) => database.WriteAsync(
        connection => uses.Sum(use => Execute(
            connection,
            "UPDATE api_keys SET last_used_at = max(coalesce(last_used_at, 0), $at) WHERE hash = $hash",
            ("$at", use.At.ToUnixTimeMilliseconds()),
            ("$hash", use.Hash.ToArray()))),
        cancellationToken);

    public Task<string?> FindSettingAsync(string name, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult(Scalar(connection, "SELECT value FROM settings WHERE name = $name", ("$name", name)) as string);
    }

    public Task SetSettingAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(
        connection => Execute(
            connection, "INSERT INTO settings (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", ("$name", name), ("$value", value)),
        cancellationToken);

    private static bool Exists(SqliteConnection connection, string tenant) =>
        Scalar(connection, "SELECT 1 FROM tenants WHERE id = $id", ("$id", tenant)) is not null;

    private static StoredKey Read(SqliteDataReader row) => new(
        ImmutableArray.Create(row.GetFieldValue<byte[]>(0)),
        row.GetString(1),
        RoleOf(row.GetString(2)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));

    private static string NameOf(Role role) => role != Role.Operator ? role.Word() : throw new ArgumentOutOfRangeException(nameof(role), role, "Such keys are not stored.");

    private static Role RoleOf(string word) => RoleWords.OfKey(word) ?? throw new InvalidDataException($"The database has a key of the unknown role \"{word}\".");
}
