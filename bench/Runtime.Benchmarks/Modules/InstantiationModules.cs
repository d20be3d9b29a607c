using System.Globalization;
using System.Text;

namespace HostService.Runtime.Benchmarks.Modules;

/// <summary>The modules of the instantiation rows, in the text format.</summary>
internal static class InstantiationModules
{
    /// <summary>Where a row that writes to memory writes: inside the data of those modules that have data.</summary>
    public const int WriteAddress = 4096 + 16;

    private const int Pages = 17;
    private const int DataBytes = 64 * 1024;

    public const string Empty = "(module)";

    public const string SmallMemory = """(module (memory (export "memory") 1))""";

    /// <summary>Seventeen pages with 64 KiB of data in sixteen segments.</summary>
    public static string DataSegments() => $"""(module (memory (export "memory") {Pages}) {Data(segments: 16)})""";

    /// <summary>One page, and an export that writes to it.</summary>
    public static string SmallMemoryAndWriter() => $"(module (memory 1) {Writer()})";

    /// <summary>The memory and data of <see cref="DataSegments"/>, and an export that writes to it.</summary>
    public static string DataSegmentsAndWriter() => $"(module (memory {Pages}) {Writer()} {Data(segments: 16)})";

    /// <summary>The same memory and data, functions of four types, and a table that holds each function.</summary>
    public static string Functions(int count)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""(module (memory (export "memory") {Pages}) (table {count} funcref)""");
        for (var i = 0; i < count; i++)
            text.AppendLine(Function(i));
        text.Append("(elem (i32.const 0)");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $" {i}");
        text.AppendLine(")").Append(Data(segments: 1)).Append(')');
        return text.ToString();
    }

    private static string Writer() =>
        string.Create(CultureInfo.InvariantCulture, $"""(func (export "write") (param i32) (i32.store (i32.const {WriteAddress}) (local.get 0)))""");

    private static string Function(int index) => (index % 4) switch
    {
        0 => $"(func (param i32) (result i32) local.get 0 i32.const {index} i32.add)",
        1 => $"(func (param i32 i32) (result i32) local.get 0 local.get 1 i32.mul i32.const {index} i32.xor)",
        2 => $"(func (param i64) (result i64) local.get 0 i64.const {index} i64.sub)",
        _ => $"(func (param i32) local.get 0 i32.const {index} i32.store)",
    };

    private static string Data(int segments)
    {
        var text = new StringBuilder();
        var length = DataBytes / segments;
        for (var i = 0; i < segments; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"(data (i32.const {i * length}) \"");
            for (var j = 0; j < length; j++)
                text.Append((char)('a' + (i + j) % 26));
            text.Append("\")");
        }

        return text.ToString();
    }
}
