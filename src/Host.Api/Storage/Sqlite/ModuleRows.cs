using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace HostService.Host.Storage.Sqlite;

/// <summary>Between rows and records.</summary>
internal static partial class ModuleRows
{
    /// <summary>A row of the columns that the store selects, in their order.</summary>
    public static StoredModule Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetBoolean(2),
        row.IsDBNull(11) ? CoreDumpChoice.Default : row.GetBoolean(11) ? CoreDumpChoice.On : CoreDumpChoice.Off,
        Time(row, 3),
        new StoredVersion(
            row.GetInt32(4),
            Digest.Parse(row.GetString(5)),
            row.GetInt64(6),
            AbiOf(row.GetString(7)),
            JsonSerializer.Deserialize(row.GetString(8), Json.Default.ImmutableArrayStoredExport),
            JsonSerializer.Deserialize(row.GetString(9), Json.Default.ImmutableArrayStoredImport),
            Time(row, 10)));

    public static string Write(ImmutableArray<StoredExport> exports) => JsonSerializer.Serialize(exports, Json.Default.ImmutableArrayStoredExport);

    public static string Write(ImmutableArray<StoredImport> imports) => JsonSerializer.Serialize(imports, Json.Default.ImmutableArrayStoredImport);

    public static string NameOf(ModuleAbi abi) => abi switch
    {
        ModuleAbi.Core => "core",
        ModuleAbi.WasiCommand => "wasi-command",
        _ => throw new ArgumentOutOfRangeException(nameof(abi), abi, "Not an ABI."),
    };

    private static ModuleAbi AbiOf(string name) => name switch
    {
        "core" => ModuleAbi.Core,
        "wasi-command" => ModuleAbi.WasiCommand,
        _ => throw new InvalidDataException($"The database has a module of the unknown ABI \"{name}\"."),
    };

    private static DateTimeOffset Time(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(ImmutableArray<StoredExport>))]
    [JsonSerializable(typeof(ImmutableArray<StoredImport>))]
    private sealed partial class Json : JsonSerializerContext;
}
