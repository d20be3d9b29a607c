using HostService.Host.Storage;
using HostService.Host.Storage.Files;
using HostService.Host.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace HostService.Host.Integration.Storage;

/// <summary>The store in SQLite keeps the contract, and what is special about its files.</summary>
public sealed class SqliteStoreTests : StoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-store-").FullName;
    private readonly List<SqliteDatabase> _databases = [];
    private SqliteModuleStore _store = null!;

    public override Task DisposeAsync()
    {
        _databases.ForEach(database => database.Dispose());
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Orphans_OfACrash_AreRemovedAtTheNextStart()
    {
        var kept = (await AddAsync("m", [1])).Module.Current.Digest;
        // A crash after the file and before its row; one in the middle of an upload.
        File.WriteAllBytes(Path.Combine(_folder, "binaries", new string('a', 64) + ".wasm"), [1]);
        File.WriteAllBytes(Path.Combine(_folder, "incoming", "half.wasm"), [1]);

        Open();

        Assert.Equal(2, _store.RemoveOrphans());
        Assert.Equal([Path.Combine(_folder, "binaries", kept.Hex + ".wasm")], Directory.EnumerateFiles(_folder, "*.wasm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Artifacts_OfACrash_AreRemovedAtTheNextStart()
    {
        var kept = (await AddAsync("m", [1])).Module.Current.Digest;
        await _store.KeepArtifactAsync(kept, artifact => artifact.Write([7]), default);
        // A crash after the row of the last version went; one in the middle of a write.
        File.WriteAllBytes(Path.Combine(_folder, "compiled", new string('a', 64) + ".code"), [1]);
        File.WriteAllBytes(Path.Combine(_folder, "compiled", "half.unfinished"), [1]);

        Open();

        Assert.Equal(2, _store.RemoveOrphans());
        Assert.Equal([7], await ReadAsync(_store, kept));
    }

    [Fact]
    public async Task Artifact_UnderAnotherName_IsNotGivenOut()
    {
        var mine = (await AddAsync("m", [1])).Module.Current.Digest;
        var other = (await AddAsync("n", [2])).Module.Current.Digest;
        await _store.KeepArtifactAsync(other, artifact => artifact.Write([7]), default);
        File.Move(PathOf(other), PathOf(mine));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => _store.FindArtifactAsync(mine, default));
        Assert.Contains(other.ToString(), refused.Message, StringComparison.Ordinal);

        string PathOf(Digest digest) => Path.Combine(_folder, "compiled", digest.Hex + ".code");
    }

    [Fact]
    public async Task Artifact_WithAnyByteOfItsHeaderChanged_IsNotGivenOut()
    {
        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        await _store.KeepArtifactAsync(digest, artifact => artifact.Write([7]), default);
        var path = Path.Combine(_folder, "compiled", digest.Hex + ".code");
        var whole = File.ReadAllBytes(path);
        Assert.Equal(41, whole.Length);
        for (var place = 0; place < 40; place++)
        {
            whole[place] ^= 16;
            File.WriteAllBytes(path, whole);
            var refused = await Assert.ThrowsAsync<InvalidDataException>(() => _store.FindArtifactAsync(digest, default));
            Assert.Contains(place < 8 ? "is no compiled module" : "is the compiled code of", refused.Message, StringComparison.Ordinal);
            whole[place] ^= 16;
        }

        File.WriteAllBytes(path, whole);
        Assert.Equal([7], await ReadAsync(_store, digest));
    }

    [Fact]
    public async Task Artifact_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        await _store.KeepArtifactAsync(digest, artifact => artifact.Write([7]), default);
        var path = Path.Combine(_folder, "compiled", digest.Hex + ".code");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        // Whoever can write it can have any code run.
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite);
        await Assert.ThrowsAsync<InvalidDataException>(() => _store.FindArtifactAsync(digest, default));
    }

    [Fact]
    public async Task Binary_ChangedOnDisk_IsNotGivenOut()
    {
        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        File.WriteAllBytes(Path.Combine(_folder, "binaries", digest.Hex + ".wasm"), [2]);

        await Assert.ThrowsAsync<CorruptBinaryException>(() => Modules.ReadBinaryAsync(digest, default));
    }

    [Fact]
    public async Task Binary_StagedAndGivenUp_LeavesNoFile()
    {
        await using (await Modules.StageAsync(new MemoryStream([1]), 10, default))
        {
            Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "incoming")));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "incoming")));
    }

    [Fact]
    public async Task Module_WhoseFileCannotBeDeleted_IsGoneAllTheSame()
    {
        var digest = (await AddAsync("m", [1])).Module.Current.Digest;
        // A folder in the file's place is refused by every system, whoever asks.
        var path = Path.Combine(_folder, "binaries", digest.Hex + ".wasm");
        File.Delete(path);
        Directory.CreateDirectory(path);

        Assert.True(await Modules.DeleteAsync(Tenant, "m", default));
        Assert.Null(await Modules.FindAsync(Tenant, "m", default));
    }

    [Fact]
    public async Task Row_ThatFindsNoRoom_IsRefusedAndLeavesAllAsItWas()
    {
        using (var connection = _databases[0].Open())
        {
            // Belongs to the connection, which the next one that is opened takes from the pool.
            SqliteDatabase.Execute(connection, $"PRAGMA max_page_count = {SqliteDatabase.Scalar(connection, "PRAGMA page_count")}");
        }

        await using var binary = await Modules.StageAsync(new MemoryStream([1]), 10, default);
        var large = new VersionDescription(ModuleAbi.Core, [new StoredExport(new string('x', 1 << 20), "memory", null, null)], [], DateTimeOffset.UnixEpoch);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Modules.AddVersionAsync(Tenant, "m", binary, large, default));

        Assert.Null(await Modules.FindAsync(Tenant, "m", default));
    }

    [Fact]
    public void Connection_IsDurable()
    {
        using var connection = _databases[0].Open();

        Assert.Equal("wal", SqliteDatabase.Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, SqliteDatabase.Scalar(connection, "PRAGMA synchronous"));
        Assert.Equal(1L, SqliteDatabase.Scalar(connection, "PRAGMA foreign_keys"));
    }

    [Fact]
    public void Database_OfALaterVersion_IsRefused()
    {
        using (var connection = _databases[0].Open())
        {
            SqliteDatabase.Execute(connection, "PRAGMA user_version = 99");
        }

        var refused = Assert.Throws<InvalidOperationException>(() => Open());
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_ThatBreaksAReference_IsRefused()
    {
        using var connection = _databases[0].Open();

        Assert.Throws<SqliteException>(() => SqliteDatabase.Execute(
            connection, "INSERT INTO modules (tenant, name, current_version, last_used_at) VALUES ('nobody', 'm', 1, 0)"));
    }

    private protected override (IModuleStore Modules, ITenantStore Tenants) Open()
    {
        var database = new SqliteDatabase(_folder);
        database.Migrate();
        _databases.Add(database);
        _store = new SqliteModuleStore(database, new BinaryFolder(_folder), new ArtifactFolder(_folder));
        return (_store, new SqliteTenantStore(database));
    }
}
