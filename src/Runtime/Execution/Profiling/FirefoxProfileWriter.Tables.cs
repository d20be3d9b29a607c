using System.Text.Json;

namespace HostService.Runtime.Execution.Profiling;

/// <content>The thread and its tables. A table is an object with its length and one array for each column.</content>
internal static partial class FirefoxProfileWriter
{
    private const int LibraryResource = 1; // a kind of resource: a library

    private static void WriteThread(Utf8JsonWriter json, ProfileRecorder profile, SourcedStacks stacks)
    {
        json.WriteStartObject();
        json.WriteString("name", profile.Options.Name);
        json.WriteString("processName", profile.Options.Name);
        json.WriteString("processType", "default");
        json.WriteNumber("processStartupTime", 0);
        json.WriteNumber("processShutdownTime", Milliseconds(profile.Duration));
        json.WriteNumber("registerTime", 0);
        json.WriteNumber("unregisterTime", Milliseconds(profile.Duration));
        json.WriteStartArray("pausedRanges");
        json.WriteEndArray();
        json.WriteBoolean("isMainThread", true);
        json.WriteString("pid", ProcessId);
        json.WriteNumber("tid", 1);
        WriteSamples(json, profile.Samples, stacks);
        WriteNoMarkers(json);
        WriteStacks(json, stacks);
        WriteFrames(json, profile.Symbols, stacks);
        WriteFunctions(json, stacks);
        WriteResources(json, profile.Symbols);
        WriteNativeSymbols(json, profile.Symbols);
        json.WriteEndObject();
    }

    private static void WriteSamples(Utf8JsonWriter json, SampleTable samples, SourcedStacks stacks)
    {
        BeginTable(json, "samples", samples.Count);
        WriteColumn(json, "stack", samples.Count, i => WriteIndex(json, stacks.NodeOf(samples[i].Stack)));
        WriteColumn(json, "time", samples.Count, i => json.WriteNumberValue(Milliseconds(samples[i].Time)));
        WriteColumn(json, "weight", samples.Count, i => json.WriteNumberValue(samples[i].Intervals));
        json.WriteString("weightType", "samples");
        WriteColumn(json, "threadCPUDelta", samples.Count, i =>
        {
            if (samples[i].Cpu is { } cpu)
            {
                json.WriteNumberValue((long)cpu.TotalMicroseconds);
            }
            else
            {
                json.WriteNullValue();
            }
        });
        json.WriteEndObject();
    }

    private static void WriteNoMarkers(Utf8JsonWriter json)
    {
        BeginTable(json, "markers", 0);
        foreach (var column in new[] { "data", "name", "startTime", "endTime", "phase", "category" })
        {
            WriteSame(json, column, 0, "");
        }

        json.WriteEndObject();
    }

    private static void WriteStacks(Utf8JsonWriter json, SourcedStacks stacks)
    {
        BeginTable(json, "stackTable", stacks.Nodes.Count);
        WriteColumn(json, "frame", stacks.Nodes, static (json, node) => json.WriteNumberValue(node.Frame));
        WriteColumn(json, "prefix", stacks.Nodes, static (json, node) => WriteIndex(json, node.Caller));
        json.WriteEndObject();
    }

    private static void WriteFrames(Utf8JsonWriter json, ProfileSymbols symbols, SourcedStacks stacks)
    {
        var (frames, functions) = (stacks.Frames, symbols.Functions);
        BeginTable(json, "frameTable", frames.Count);
        WriteColumn(json, "address", frames, static (json, frame) => json.WriteNumberValue(frame.Recorded.Address));
        WriteColumn(json, "inlineDepth", frames, static (json, frame) => json.WriteNumberValue(frame.InlineDepth));
        WriteColumn(json, "category", frames, (json, frame) => json.WriteNumberValue(functions[frame.Recorded.Function].IsHost ? HostCategory : GuestCategory));
        WriteSame(json, "subcategory", frames.Count, "0");
        WriteColumn(json, "func", frames, static (json, frame) => json.WriteNumberValue(frame.Function));
        // Recorded functions and native symbols are listed in the same order, the host's functions at places that nobody refers to.
        WriteColumn(json, "nativeSymbol", frames, (json, frame) => WriteIndex(json, functions[frame.Recorded.Function].IsHost ? -1 : frame.Recorded.Function));
        WriteSame(json, "innerWindowID", frames.Count, "0");
        WriteColumn(json, "line", frames, static (json, frame) => WriteIndex(json, frame.Line ?? -1));
        WriteColumn(json, "column", frames, static (json, frame) => WriteIndex(json, frame.Column ?? -1));
        json.WriteEndObject();
    }

    private static void WriteFunctions(Utf8JsonWriter json, SourcedStacks stacks)
    {
        var functions = stacks.Functions;
        BeginTable(json, "funcTable", functions.Count);
        WriteColumn(json, "name", functions, static (json, function) => json.WriteNumberValue(function.Name));
        WriteSame(json, "isJS", functions.Count, "false");
        WriteSame(json, "relevantForJS", functions.Count, "false");
        // Libraries and resources are listed in the same order.
        WriteColumn(json, "resource", functions, static (json, function) => json.WriteNumberValue(function.Library));
        WriteColumn(json, "fileName", functions, static (json, function) => WriteIndex(json, function.File));
        // Where functions begin is not looked up: frames have their lines.
        WriteSame(json, "lineNumber", functions.Count, "null");
        WriteSame(json, "columnNumber", functions.Count, "null");
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, ProfileSymbols symbols)
    {
        var libraries = symbols.Libraries;
        BeginTable(json, "resourceTable", libraries.Count);
        WriteColumn(json, "lib", libraries.Count, json.WriteNumberValue);
        WriteColumn(json, "name", libraries, static (json, name) => json.WriteNumberValue(name));
        WriteSame(json, "host", libraries.Count, "null");
        WriteColumn(json, "type", libraries, static (json, _) => json.WriteNumberValue(LibraryResource));
        json.WriteEndObject();
    }

    private static void WriteNativeSymbols(Utf8JsonWriter json, ProfileSymbols symbols)
    {
        var functions = symbols.Functions;
        BeginTable(json, "nativeSymbols", functions.Count);
        WriteColumn(json, "libIndex", functions, static (json, function) => json.WriteNumberValue(Math.Max(function.Library, 0)));
        WriteColumn(json, "address", functions, static (json, function) => json.WriteNumberValue(Math.Max(function.Address, 0)));
        WriteColumn(json, "name", functions, static (json, function) => json.WriteNumberValue(function.Name));
        WriteColumn(json, "functionSize", functions, static (json, function) => json.WriteNumberValue(function.Size));
        json.WriteEndObject();
    }

    private static void BeginTable(Utf8JsonWriter json, string name, int length)
    {
        json.WriteStartObject(name);
        json.WriteNumber("length", length);
    }

    // A number such as an index, or null for a negative one.
    private static void WriteIndex(Utf8JsonWriter json, int index)
    {
        if (index < 0)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteNumberValue(index);
        }
    }

    private static void WriteSame(Utf8JsonWriter json, string name, int count, string value) => WriteColumn(json, name, count, _ => json.WriteRawValue(value));

    private static void WriteColumn<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> rows, Action<Utf8JsonWriter, T> write) =>
        WriteColumn(json, name, rows.Count, i => write(json, rows[i]));

    private static void WriteColumn(Utf8JsonWriter json, string name, int count, Action<int> write)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < count; i++)
        {
            write(i);
            if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }
}
