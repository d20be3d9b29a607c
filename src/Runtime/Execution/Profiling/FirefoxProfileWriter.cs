using System.Text.Json;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>Writes a profile in the Firefox profiler's "processed profile" format.</summary>
/// <remarks>
/// Version 57, which has one table of strings for the whole profile; later versions of the program bring older profiles up to date when they open them. The format is described by
/// <see href="https://github.com/firefox-devtools/profiler/blob/main/src/types/profile.ts">its types</see> and
/// <see href="https://github.com/firefox-devtools/profiler/blob/main/docs-developer/CHANGELOG-formats.md">its list of changes</see>.
/// </remarks>
internal static partial class FirefoxProfileWriter
{
    private const int ProcessedVersion = 57;
    private const int GeckoVersion = 31; // of the format that Firefox itself writes, from which 57 was made
    private const int FlushBytes = 32 << 10;

    // Places in the list of categories. The first grey one is the default.
    private const int GuestCategory = 1;
    private const int HostCategory = 2;

    // A profile has one process with one thread, whatever their numbers were.
    private const string ProcessId = "1";

    public static void Write(ProfileRecorder profile, Stream destination)
    {
        var stacks = new SourcedStacks(profile.Symbols, profile.Stacks);
        using var json = new Utf8JsonWriter(destination);
        json.WriteStartObject();
        WriteMeta(json, profile);
        WriteLibraries(json, profile.Symbols);
        WriteCounters(json, profile.Samples);
        json.WriteStartObject("shared");
        WriteColumn(json, "stringArray", stacks.Strings.All, static (json, text) => json.WriteStringValue(text));
        json.WriteEndObject();
        json.WriteStartArray("threads");
        WriteThread(json, profile, stacks);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, ProfileRecorder profile)
    {
        json.WriteStartObject("meta");
        json.WriteNumber("interval", profile.Options.Interval.TotalMilliseconds);
        json.WriteNumber("startTime", (profile.StartTime - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        json.WriteNumber("profilingStartTime", 0);
        json.WriteNumber("profilingEndTime", Milliseconds(profile.Duration));
        json.WriteNumber("processType", 0);
        json.WriteString("product", profile.Options.Name);
        json.WriteString("importedFrom", "HostService");
        json.WriteNumber("stackwalk", 1);
        json.WriteNumber("version", GeckoVersion);
        json.WriteNumber("preprocessedProfileVersion", ProcessedVersion);
        json.WriteNumber("logicalCPUs", Environment.ProcessorCount);
        // Names are in the profile, so nobody has to ask a server for them.
        json.WriteBoolean("symbolicated", true);
        json.WriteBoolean("usesOnlyOneStackType", true);
        json.WriteBoolean("sourceCodeIsNotOnSearchfox", true);
        json.WriteStartArray("markerSchema");
        json.WriteEndArray();
        json.WriteStartArray("categories");
        WriteCategory(json, "Other", "grey");
        WriteCategory(json, "WebAssembly", "blue");
        WriteCategory(json, "Host", "orange");
        json.WriteEndArray();
        json.WriteStartObject("sampleUnits");
        json.WriteString("time", "ms");
        json.WriteString("eventDelay", "ms");
        json.WriteString("threadCPUDelta", "µs");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCategory(Utf8JsonWriter json, string name, string color)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("color", color);
        json.WriteStartArray("subcategories");
        json.WriteStringValue("Other");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLibraries(Utf8JsonWriter json, ProfileSymbols symbols)
    {
        json.WriteStartArray("libs");
        foreach (var library in symbols.Libraries)
        {
            var name = symbols.Strings.All[library];
            json.WriteStartObject();
            json.WriteString("arch", "wasm32");
            json.WriteString("name", name);
            json.WriteString("path", name);
            json.WriteString("debugName", name);
            json.WriteString("debugPath", name);
            json.WriteString("breakpadId", "");
            json.WriteNull("codeId");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // How large the linear memories are. The track is shown because its category is called so.
    private static void WriteCounters(Utf8JsonWriter json, SampleTable samples)
    {
        json.WriteStartArray("counters");
        json.WriteStartObject();
        json.WriteString("name", "linear memory");
        json.WriteString("category", "Memory");
        json.WriteString("description", "Bytes of the Store's linear memories");
        json.WriteString("pid", ProcessId);
        json.WriteNumber("mainThreadIndex", 0);
        json.WriteStartObject("samples");
        json.WriteNumber("length", samples.Count);
        WriteColumn(json, "time", samples.Count, i => json.WriteNumberValue(Milliseconds(samples[i].Time)));
        WriteColumn(json, "count", samples.Count, i => json.WriteNumberValue(samples[i].MemoryBytes - (i > 0 ? samples[i - 1].MemoryBytes : 0)));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // To the microsecond.
    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
