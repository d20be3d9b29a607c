using Microsoft.Data.Sqlite;
using HostService.Host.Storage.Files;
using static HostService.Host.Storage.Sqlite.SqliteDatabase;

namespace HostService.Host.Storage.Sqlite;

/// <summary>Modules in SQLite, their binaries in files beside it.</summary>
/// <remarks>
/// The order of steps makes a crash harmless. Upload: the file first, then the row that refers to it. Removal: the row first, then the file. What a crash leaves
/// in between is a file that no row refers to, and the next start deletes it.
/// </remarks>
internal sealed class SqliteModuleStore(SqliteDatabase database, BinaryFolder binaries, ArtifactFolder artifacts) : IModuleStore
{
    private const string SelectModules = """
        SELECT m.tenant, m.name, m.is_public, m.last_used_at, v.version, v.digest, v.size_bytes, v.abi, v.exports, v.imports, v.created_at, m.core_dumps
        FROM modules m JOIN module_versions v ON v.tenant = m.tenant AND v.name = m.name AND v.version = m.current_version
        """;

    /// <summary>Deletes files that a crash left. Called once, before anything else is done with the store.</summary>
    public int RemoveOrphans()
    {
        using var connection = database.Open();
        var referenced = Query(connection, row => Digest.Parse(row.GetString(0)), "SELECT DISTINCT digest FROM module_versions").ToHashSet();
        return binaries.RemoveOrphans(referenced) + artifacts.RemoveOrphans(referenced);
    }

    public Task<IReadOnlyList<StoredModule>> ListAllAsync(CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult<IReadOnlyList<StoredModule>>(Query(connection, ModuleRows.Read, SelectModules + " ORDER BY m.last_used_at DESC, m.tenant, m.name"));
    }

    public Task<IReadOnlyList<StoredModule>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult<IReadOnlyList<StoredModule>>(
            Query(connection, ModuleRows.Read, SelectModules + " WHERE m.tenant = $tenant ORDER BY m.name", ("$tenant", tenant)));
    }

    public Task<StoredModule?> FindAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult(Find(connection, tenant, name));
    }

    public async Task<StagedBinary> StageAsync(Stream source, long maxBytes, CancellationToken cancellationToken) =>
        await binaries.StageAsync(source, maxBytes, cancellationToken);

    public Task<(StoredModule Module, bool Created)> AddVersionAsync(
        string tenant, string name, StagedBinary binary, VersionDescription description, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            if (Scalar(connection, "SELECT 1 FROM tenants WHERE id = $tenant", ("$tenant", tenant)) is null)
            {
                throw new InvalidOperationException($"There is no tenant \"{tenant}\".");
            }

            var existing = Find(connection, tenant, name);
            if (existing?.Current.Digest == binary.Digest)
            {
                return (existing, false);
            }

            // Under the writer's lock, so that no removal of the same digest comes between the file and its row.
            binaries.Publish((StagedFile)binary);
            InsertVersion(connection, tenant, name, binary, description);
            return (Find(connection, tenant, name)!, true);
        },
        cancellationToken);

    public Task<StoredModule?> ChangeAsync(string tenant, string name, ModuleChange change, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            if (change.IsPublic is { } isPublic)
            {
                Execute(connection, "UPDATE modules SET is_public = $public WHERE tenant = $tenant AND name = $name", ("$public", isPublic), ("$tenant", tenant), ("$name", name));
            }

            if (change.CoreDumps is { } coreDumps)
            {
                object value = coreDumps == CoreDumpChoice.Default ? DBNull.Value : coreDumps == CoreDumpChoice.On;
                Execute(connection, "UPDATE modules SET core_dumps = $dumps WHERE tenant = $tenant AND name = $name", ("$dumps", value), ("$tenant", tenant), ("$name", name));
            }

            return Find(connection, tenant, name);
        },
        cancellationToken);

    public async Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var (deleted, digests) = await database.WriteAsync(
            connection =>
            {
                var digests = Query(
                    connection,
                    row => Digest.Parse(row.GetString(0)),
                    "SELECT DISTINCT digest FROM module_versions WHERE tenant = $tenant AND name = $name",
                    ("$tenant", tenant),
                    ("$name", name));
                var deleted = Execute(connection, "DELETE FROM modules WHERE tenant = $tenant AND name = $name", ("$tenant", tenant), ("$name", name)) == 1;
                return (deleted, digests);
            },
            cancellationToken);

        // The rows are gone for good before the files are. Under the lock again, so that nobody publishes one of these digests at this moment; not cancelled,
        // because the removal is acknowledged by now.
        try
        {
            await database.WriteAsync(
                connection =>
                {
                    foreach (var digest in digests.Where(digest => !IsReferenced(connection, digest)))
                    {
                        binaries.Remove(digest);
                        artifacts.Remove(digest);
                    }

                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException or StorageUnavailableException)
        {
            // The module is gone all the same, and its caller has to know that; files that no row refers to are deleted at the next start.
        }

        return deleted;
    }

    public Task NoteUseAsync(IReadOnlyCollection<ModuleUse> uses, CancellationToken cancellationToken) => database.WriteAsync(
        connection => uses.Sum(use => Execute(
            connection,
            "UPDATE modules SET last_used_at = max(last_used_at, $at) WHERE tenant = $tenant AND name = $name",
            ("$at", use.At.ToUnixTimeMilliseconds()),
            ("$tenant", use.Tenant),
            ("$name", use.Name))),
        cancellationToken);

    public Task<ReadOnlyMemory<byte>> ReadBinaryAsync(Digest digest, CancellationToken cancellationToken) => binaries.ReadAsync(digest, cancellationToken);

    // The file comes before its first row and goes after its last one.
    public bool HasBinary(Digest digest) => binaries.Has(digest);

    public Task<Stream?> FindArtifactAsync(Digest digest, CancellationToken cancellationToken) => artifacts.FindAsync(digest, cancellationToken);

    public bool HasArtifact(Digest digest) => artifacts.Has(digest);

    public async Task<long?> KeepArtifactAsync(Digest digest, Action<Stream> write, CancellationToken cancellationToken)
    {
        var (staged, bytes) = await artifacts.StageAsync(digest, write, cancellationToken);
        try
        {
            // Under the writer's lock, so that it can't appear just after the last version that refers to its binary has gone.
            return await database.WriteAsync(
                connection =>
                {
                    if (!IsReferenced(connection, digest))
                    {
                        return (long?)null;
                    }

                    artifacts.Publish(digest, staged);
                    return bytes;
                },
                cancellationToken);
        }
        finally
        {
            // Gone already when it was published, which renames it.
            ArtifactFolder.Forget(staged);
        }
    }

    private static void InsertVersion(SqliteConnection connection, string tenant, string name, StagedBinary binary, VersionDescription description)
    {
        var version = 1 + (long)Scalar(
            connection, "SELECT coalesce(max(version), 0) FROM module_versions WHERE tenant = $tenant AND name = $name", ("$tenant", tenant), ("$name", name))!;
        Execute(
            connection,
            """
            INSERT INTO modules (tenant, name, current_version, last_used_at) VALUES ($tenant, $name, $version, $at)
            ON CONFLICT (tenant, name) DO UPDATE SET current_version = excluded.current_version, last_used_at = excluded.last_used_at
            """,
            ("$tenant", tenant),
            ("$name", name),
            ("$version", version),
            ("$at", description.CreatedAt.ToUnixTimeMilliseconds()));
        Execute(
            connection,
            """
            INSERT INTO module_versions (tenant, name, version, digest, size_bytes, abi, exports, imports, created_at)
            VALUES ($tenant, $name, $version, $digest, $size, $abi, $exports, $imports, $at)
            """,
            ("$tenant", tenant),
            ("$name", name),
            ("$version", version),
            ("$digest", binary.Digest.ToString()),
            ("$size", binary.SizeBytes),
            ("$abi", ModuleRows.NameOf(description.Abi)),
            ("$exports", ModuleRows.Write(description.Exports)),
            ("$imports", ModuleRows.Write(description.Imports)),
            ("$at", description.CreatedAt.ToUnixTimeMilliseconds()));
    }

    private static StoredModule? Find(SqliteConnection connection, string tenant, string name) =>
        Query(connection, ModuleRows.Read, SelectModules + " WHERE m.tenant = $tenant AND m.name = $name", ("$tenant", tenant), ("$name", name)).SingleOrDefault();

    private static bool IsReferenced(SqliteConnection connection, Digest digest) =>
        Scalar(connection, "SELECT 1 FROM module_versions WHERE digest = $digest LIMIT 1", ("$digest", digest.ToString())) is not null;
}
