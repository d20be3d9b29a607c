using System.Text.Json;

namespace HostService.Support;

/// <summary>One sample of a profile, resolved.</summary>
/// <param name="Time">Milliseconds since the profile began.</param>
/// <param name="Weight">How many intervals it stands for.</param>
/// <param name="CpuMicroseconds">Processor time since the sample before, or null.</param>
/// <param name="Stack">Names of functions, the outermost first.</param>
/// <param name="Categories">The names of their categories.</param>
/// <param name="Modules">The names of their modules; null for functions without one.</param>
/// <param name="Addresses">The instruction in each.</param>
/// <param name="Sources">The file and line in each; null where they are not known.</param>
public sealed record ProfileSample(
    double Time, int Weight, long? CpuMicroseconds, IReadOnlyList<string> Stack, IReadOnlyList<string> Categories, IReadOnlyList<string?> Modules, IReadOnlyList<int> Addresses,
    IReadOnlyList<(string? File, int? Line)> Sources);

/// <summary>A profile in the Firefox profiler's format, read as strictly as the program reads it: version 57 of src/types/profile.ts there.</summary>
public sealed class ProfileDocument
{
    private static readonly string[] s_colors =
        ["transparent", "purple", "green", "orange", "yellow", "lightblue", "blue", "brown", "magenta", "red", "lightred", "darkgrey", "grey"];

    // table, column, the table that it refers to, whether it may be null, whether it may be −1
    private static readonly (string Table, string Column, string Target, bool Null, bool MinusOne)[] s_references =
    [
        ("samples", "stack", "stackTable", true, false),
        ("stackTable", "frame", "frameTable", false, false),
        ("stackTable", "prefix", "stackTable", true, false),
        ("frameTable", "func", "funcTable", false, false),
        ("frameTable", "nativeSymbol", "nativeSymbols", true, false),
        ("frameTable", "category", "categories", true, false),
        ("funcTable", "name", "strings", false, false),
        ("funcTable", "resource", "resourceTable", false, true),
        ("funcTable", "fileName", "strings", true, false),
        ("resourceTable", "lib", "libs", true, false),
        ("resourceTable", "name", "strings", false, false),
        ("resourceTable", "host", "strings", true, false),
        ("nativeSymbols", "libIndex", "libs", false, false),
        ("nativeSymbols", "name", "strings", false, false),
        ("markers", "name", "strings", false, false),
    ];

    private static readonly Dictionary<string, string[]> s_columns = new()
    {
        ["samples"] = ["stack", "time", "weight", "threadCPUDelta"],
        ["stackTable"] = ["frame", "prefix"],
        ["frameTable"] = ["address", "inlineDepth", "category", "subcategory", "func", "nativeSymbol", "innerWindowID", "line", "column"],
        ["funcTable"] = ["name", "isJS", "relevantForJS", "resource", "fileName", "lineNumber", "columnNumber"],
        ["resourceTable"] = ["lib", "name", "host", "type"],
        ["nativeSymbols"] = ["libIndex", "address", "name", "functionSize"],
        ["markers"] = ["data", "name", "startTime", "endTime", "phase", "category"],
    };

    private readonly JsonElement _root;

    private ProfileDocument(JsonElement root) => _root = root;

    public JsonElement Meta => _root.GetProperty("meta");

    private JsonElement Thread => _root.GetProperty("threads")[0];

    /// <summary>All samples.</summary>
    public IReadOnlyList<ProfileSample> Samples { get; private set; } = [];

    /// <summary>How large linear memory was at each sample.</summary>
    public IReadOnlyList<long> MemoryBytes { get; private set; } = [];

    /// <summary>The weight of all samples together.</summary>
    public int TotalWeight => Samples.Sum(sample => sample.Weight);

    /// <summary>Reads a profile.</summary>
    /// <exception cref="InvalidDataException">The Firefox profiler could not show it; the message lists why.</exception>
    public static ProfileDocument Parse(ReadOnlyMemory<byte> json)
    {
        using var parsed = JsonDocument.Parse(json);
        var document = new ProfileDocument(parsed.RootElement.Clone());
        var faults = document.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new InvalidDataException(string.Join('\n', faults));
        }

        document.Samples = [.. Enumerable.Range(0, document.LengthOf("samples")).Select(document.SampleAt)];
        var bytes = 0L;
        document.MemoryBytes = [.. document._root.GetProperty("counters")[0].GetProperty("samples").GetProperty("count").EnumerateArray().Select(change => bytes += change.GetInt64())];
        return document;
    }

    /// <summary>The part of all weight that samples have whose innermost function is this one.</summary>
    public double SelfShare(string function) => Share(sample => sample.Stack.Count > 0 && sample.Stack[^1] == function);

    /// <summary>The part of all processor time that samples have whose innermost function is this one: the same on a busy machine.</summary>
    public double SelfCpuShare(string function) =>
        Samples.Where(sample => sample.Stack.Count > 0 && sample.Stack[^1] == function).Sum(sample => sample.CpuMicroseconds ?? 0) / (double)Math.Max(Samples.Sum(sample => sample.CpuMicroseconds ?? 0), 1);

    /// <summary>The part of all weight that samples have in whose stack this function is.</summary>
    public double TotalShare(string function) => Share(sample => sample.Stack.Contains(function));

    private double Share(Func<ProfileSample, bool> counts) => Samples.Where(counts).Sum(sample => sample.Weight) / (double)Math.Max(TotalWeight, 1);

    private IEnumerable<string> Faults() => FaultsOfMeta().Concat(FaultsOfTables()).Concat(FaultsOfReferences()).Concat(FaultsOfOrder()).Concat(FaultsOfInlining()).Concat(FaultsOfLines()).Concat(FaultsOfCounters());

    private IEnumerable<string> FaultsOfMeta()
    {
        if (Meta.GetProperty("preprocessedProfileVersion").GetInt32() != 57 || Meta.GetProperty("interval").GetDouble() <= 0 || Meta.GetProperty("startTime").GetDouble() <= 0)
        {
            yield return "meta: version, interval or startTime";
        }

        if (Meta.GetProperty("markerSchema").ValueKind != JsonValueKind.Array || Meta.GetProperty("stackwalk").GetInt32() is not (0 or 1) || !Meta.GetProperty("symbolicated").GetBoolean())
        {
            yield return "meta: markerSchema, stackwalk or symbolicated";
        }

        var categories = Meta.GetProperty("categories").EnumerateArray().ToList();
        if (!categories.Exists(category => category.GetProperty("color").GetString() == "grey"))
        {
            yield return "meta.categories: none is grey, the default";
        }

        foreach (var category in categories.Where(category =>
            !s_colors.Contains(category.GetProperty("color").GetString()) || category.GetProperty("subcategories")[0].GetString() != "Other"))
        {
            yield return $"meta.categories: {category}";
        }

        foreach (var lib in _root.GetProperty("libs").EnumerateArray().Where(lib =>
            new[] { "arch", "name", "path", "debugName", "debugPath", "breakpadId" }.Any(member => lib.GetProperty(member).ValueKind != JsonValueKind.String)))
        {
            yield return $"libs: {lib}";
        }

        if (_root.GetProperty("shared").GetProperty("stringArray").EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
        {
            yield return "shared.stringArray: not all are strings";
        }

        if (Thread.GetProperty("pid").ValueKind != JsonValueKind.String || !Thread.GetProperty("isMainThread").GetBoolean() || Thread.GetProperty("name").ValueKind != JsonValueKind.String)
        {
            yield return "thread: pid, isMainThread or name";
        }
    }

    private IEnumerable<string> FaultsOfTables() =>
        from table in s_columns
        let length = LengthOf(table.Key)
        from column in table.Value
        where Column(table.Key, column).GetArrayLength() != length
        select $"{table.Key}.{column}: {Column(table.Key, column).GetArrayLength()} rows, expected {length}";

    private IEnumerable<string> FaultsOfReferences() =>
        from reference in s_references
        let rows = LengthOf(reference.Target)
        from value in Column(reference.Table, reference.Column).EnumerateArray()
        where value.ValueKind == JsonValueKind.Null ? !reference.Null : value.GetInt32() >= rows || value.GetInt32() < (reference.MinusOne ? -1 : 0)
        select $"{reference.Table}.{reference.Column}: {value}, but {reference.Target} has {rows}";

    private IEnumerable<string> FaultsOfOrder()
    {
        var prefixes = Column("stackTable", "prefix").EnumerateArray().ToList();
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].ValueKind != JsonValueKind.Null && prefixes[i].GetInt32() >= i)
            {
                yield return $"stackTable: row {i} comes before its prefix {prefixes[i]}";
            }
        }

        var times = Column("samples", "time").EnumerateArray().Select(time => time.GetDouble()).ToList();
        if (times.Zip(times.Skip(1)).Any(pair => pair.First > pair.Second))
        {
            yield return "samples.time: does not ascend";
        }
    }

    // What is inlined lies in a frame of the same address and native symbol that is one less deep.
    private IEnumerable<string> FaultsOfInlining() =>
        from stack in Enumerable.Range(0, LengthOf("stackTable"))
        let frame = Column("stackTable", "frame")[stack].GetInt32()
        let depth = Column("frameTable", "inlineDepth")[frame].GetInt32()
        where depth != 0
        let prefix = Column("stackTable", "prefix")[stack]
        let around = prefix.ValueKind == JsonValueKind.Null ? -1 : Column("stackTable", "frame")[prefix.GetInt32()].GetInt32()
        where around < 0 || Column("frameTable", "inlineDepth")[around].GetInt32() != depth - 1
            || Column("frameTable", "address")[around].GetInt32() != Column("frameTable", "address")[frame].GetInt32()
            || Column("frameTable", "nativeSymbol")[around].GetInt32() != Column("frameTable", "nativeSymbol")[frame].GetInt32()
        select $"stackTable: row {stack} is inlined into what is not around it";

    private IEnumerable<string> FaultsOfLines() =>
        from column in new[] { "line", "column" }
        from value in Column("frameTable", column).EnumerateArray()
        where value.ValueKind != JsonValueKind.Null && value.GetInt32() < 1
        select $"frameTable.{column}: {value}";

    private IEnumerable<string> FaultsOfCounters() =>
        from counter in _root.GetProperty("counters").EnumerateArray()
        let samples = counter.GetProperty("samples")
        let length = samples.GetProperty("length").GetInt32()
        where samples.GetProperty("time").GetArrayLength() != length || samples.GetProperty("count").GetArrayLength() != length
            || counter.GetProperty("mainThreadIndex").GetInt32() != 0 || counter.GetProperty("pid").GetString() != Thread.GetProperty("pid").GetString()
        select $"counters: {counter}";

    private JsonElement Column(string table, string column) => Thread.GetProperty(table).GetProperty(column);

    private int LengthOf(string table) => table switch
    {
        "strings" => _root.GetProperty("shared").GetProperty("stringArray").GetArrayLength(),
        "libs" => _root.GetProperty("libs").GetArrayLength(),
        "categories" => Meta.GetProperty("categories").GetArrayLength(),
        _ => Thread.GetProperty(table).GetProperty("length").GetInt32(),
    };

    private ProfileSample SampleAt(int index)
    {
        var (names, categories, modules, addresses, sources) = (new List<string>(), new List<string>(), new List<string?>(), new List<int>(), new List<(string?, int?)>());
        for (var stack = Column("samples", "stack")[index]; stack.ValueKind != JsonValueKind.Null; stack = Column("stackTable", "prefix")[stack.GetInt32()])
        {
            var frame = Column("stackTable", "frame")[stack.GetInt32()].GetInt32();
            var function = Column("frameTable", "func")[frame].GetInt32();
            var resource = Column("funcTable", "resource")[function].GetInt32();
            names.Add(Text(Column("funcTable", "name")[function]));
            categories.Add(Meta.GetProperty("categories")[Column("frameTable", "category")[frame].GetInt32()].GetProperty("name").GetString()!);
            modules.Add(resource < 0 ? null : Text(Column("resourceTable", "name")[resource]));
            addresses.Add(Column("frameTable", "address")[frame].GetInt32());
            var (file, line) = (Column("funcTable", "fileName")[function], Column("frameTable", "line")[frame]);
            sources.Add((file.ValueKind == JsonValueKind.Null ? null : Text(file), line.ValueKind == JsonValueKind.Null ? null : line.GetInt32()));
        }

        names.Reverse();
        categories.Reverse();
        modules.Reverse();
        addresses.Reverse();
        sources.Reverse();
        var cpu = Column("samples", "threadCPUDelta")[index];
        return new ProfileSample(
            Column("samples", "time")[index].GetDouble(), Column("samples", "weight")[index].GetInt32(),
            cpu.ValueKind == JsonValueKind.Null ? null : cpu.GetInt64(), names, categories, modules, addresses, sources);
    }

    private string Text(JsonElement index) => _root.GetProperty("shared").GetProperty("stringArray")[index.GetInt32()].GetString()!;
}
