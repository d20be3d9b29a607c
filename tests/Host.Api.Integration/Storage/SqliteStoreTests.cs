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
        _store = new SqliteModuleStore(database, new BinaryFolder(_folder));
        return (_store, new SqliteTenantStore(database));
    }
}
