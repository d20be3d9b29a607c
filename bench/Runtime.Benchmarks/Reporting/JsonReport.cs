using System.Text.Json;
using HostService.Runtime.Benchmarks.Rows;

namespace HostService.Runtime.Benchmarks.Reporting;

/// <summary>Writes the rows as an array of <c>{group, name, unit, ours, wasmtime, ratio}</c>; a row that failed has nulls and an <c>error</c>.</summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true };

    public static void Write(string path, IEnumerable<Row> rows)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, s_options);
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("group", row.Group);
            json.WriteString("name", row.Name);
            json.WriteString("unit", row.Unit);
            WriteNumber(json, "ours", row.Ours);
            WriteNumber(json, "wasmtime", row.Theirs);
            WriteNumber(json, "ratio", row.Ratio);
            if (row.Error is { } error)
                json.WriteString("error", error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
