using System.Globalization;
using Microsoft.Data.Sqlite;

namespace HostService.Host.Storage.Sqlite;

/// <summary>The database file: connections that are set up right, one writer at a time, and its schema.</summary>
/// <remarks>
/// Write-ahead logging lets readers go on while somebody writes; with <c>synchronous=FULL</c> a committed transaction is on disk. SQLite has no asynchronous
/// calls: reads take microseconds, and a write one flush of the disk, on the thread that asks.
/// </remarks>
internal sealed class SqliteDatabase : IDisposable
{
    public const string FileName = "hostservice.db";

    // BUSY (somebody else holds the file for longer than the time that a command waits), READONLY, IOERR, FULL, CANTOPEN: nothing that the statement is to blame for.
    private static readonly int[] s_diskErrors = [5, 8, 10, 13, 14];

    private readonly string _connectionString;

    // SQLite takes one writer at a time anyway. Waiting here costs no thread, waiting there would.
    private readonly SemaphoreSlim _writer = new(1, 1);

    public SqliteDatabase(string dataDirectory)
    {
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataDirectory, FileName),
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
            // Backups and people with a shell may hold the file for a moment.
            DefaultTimeout = 10,
        }.ToString();
    }

    /// <summary>Brings the schema up to date. Each migration is one transaction, and its number is the file's <c>user_version</c>.</summary>
    public void Migrate()
    {
        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        var migrations = typeof(SqliteDatabase).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (version > migrations.Count)
        {
            throw new InvalidOperationException($"{FileName} has schema {version}; this program knows schemas up to {migrations.Count}. It was written by a later version.");
        }

        for (; version < migrations.Count; version++)
        {
            using var reader = new StreamReader(typeof(SqliteDatabase).Assembly.GetManifestResourceStream(migrations[version])!);
            using var transaction = connection.BeginTransaction();
            Execute(connection, reader.ReadToEnd());
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            transaction.Commit();
        }
    }

    /// <summary>A connection for reading. Closing it gives it back to the pool.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // Belongs to the connection, not to the file.
        Execute(connection, "PRAGMA synchronous = FULL");
        return connection;
    }

    /// <summary>Runs a transaction while nobody else writes. It is committed when <paramref name="work"/> returns, and undone when it throws.</summary>
    /// <exception cref="StorageUnavailableException">The file can't be written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            using var connection = Open();
            // Immediate: a transaction that reads first and writes later could otherwise find the file changed in between.
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = work(connection);
            transaction.Commit();
            return result;
        }
        catch (SqliteException failure) when (s_diskErrors.Contains(failure.SqliteErrorCode))
        {
            throw new StorageUnavailableException(failure.Message, failure);
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose()
    {
        // Not the semaphore: who holds it at this moment must be able to give it back, and it has nothing to release.
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteScalar();
    }

    /// <summary>All rows.</summary>
    public static List<T> Query<T>(SqliteConnection connection, Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        // Every statement in these files is a constant; what varies is a parameter.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
