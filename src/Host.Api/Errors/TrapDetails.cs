using System.Text.Json.Serialization;
using HostService.Host.Features.CoreDumps;
using HostService.Runtime.Errors;

namespace HostService.Host.Errors;

/// <summary>The member <c>trap</c> of a problem.</summary>
/// <param name="Code">A stable identifier, such as <c>integer_divide_by_zero</c>.</param>
/// <param name="Message">The specification's words, such as <c>integer divide by zero</c>.</param>
/// <param name="Frames">The active functions, innermost first, at most 64.</param>
/// <param name="TruncatedFrames">How many more there were; absent when there were none.</param>
public sealed record TrapDetails(
    string Code,
    string Message,
    IReadOnlyList<TrapDetails.Frame> Frames,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int TruncatedFrames)
{
    /// <summary>By which the deployer fetches the core dump of the trap, <c>GET /v1/core-dumps/{id}</c>; absent when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CoreDump { get; init; }

    /// <summary>What a trap looks like to a client.</summary>
    /// <param name="trap">The trap.</param>
    /// <param name="module">The name of the upload: the compiled module is shared by all who uploaded the same binary and knows no name of its own.</param>
    public static TrapDetails Of(TrapException trap, string? module) => new(
        trap.Code.Identifier(),
        trap.Message,
        [.. trap.Frames.Select(frame => new Frame(module ?? frame.Module ?? "", frame.Function, frame.FunctionIndex, frame.Offset, frame.IsApproximate)
        {
            Source = [.. frame.Source.Select(position => new Position(position.Function, position.File, position.Line, position.Column))],
        })],
        trap.TruncatedFrames)
    {
        CoreDump = trap.Data[CoreDumpRecorder.IdKey] as string,
    };

    /// <summary>One active function.</summary>
    /// <param name="Module">The upload's name.</param>
    /// <param name="Function">The function's name: from the name section, else its export name, else <c>func[12]</c>.</param>
    /// <param name="Index">The function's index, imported functions included.</param>
    /// <param name="Offset">The instruction's offset in bytes from the start of the binary.</param>
    /// <param name="Approximate">Present when the offset is only near the instruction.</param>
    public sealed record Frame(
        string Module, string Function, int Index, long Offset, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Approximate)
    {
        /// <summary>The source file; absent when the module carries no debugging information for it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? File => Source is [var innermost, ..] ? innermost.File : null;

        /// <summary>The line, counted from 1; absent when it is not known.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Line => Source is [var innermost, ..] ? innermost.Line : null;

        /// <summary>The column, counted from 1; absent when it is not known.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Column => Source is [var innermost, ..] ? innermost.Column : null;

        /// <summary>
        /// Where the compiler inlined other functions here: these functions, innermost first, each with its place, and last the frame's own function with the place of the first of the calls. Absent where it did not.
        /// </summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<Position>? Inlined => Source.Count > 1 ? Source : null;

        internal IReadOnlyList<Position> Source { get; init; } = [];
    }

    /// <summary>A place in the source.</summary>
    /// <param name="Function">The function's name in the source; absent when it is not known.</param>
    /// <param name="File">The path as the compiler wrote it; absent when it is not known.</param>
    /// <param name="Line">The line, counted from 1; absent when it is not known.</param>
    /// <param name="Column">The column, counted from 1; absent when it is not known.</param>
    public sealed record Position(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Function,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Line,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Column);
}
