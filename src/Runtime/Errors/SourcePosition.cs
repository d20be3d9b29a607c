namespace HostService.Runtime.Errors;

/// <summary>A place in the source that a module was compiled from, as its debugging information has it. Immutable.</summary>
/// <param name="File">The path as the compiler wrote it, of whatever machine that was; null when it is not said.</param>
/// <param name="Line">The line, counted from 1; null for code that no line stands for.</param>
/// <param name="Column">The column, counted from 1; null when it is not known.</param>
/// <param name="Function">The function's name in the source, without parameters; null when it is not said.</param>
public sealed record SourcePosition(string? File, int? Line, int? Column, string? Function)
{
    /// <summary>Such as <c>parse at src/order.c:12:7</c>; what is not known is left out.</summary>
    public override string ToString() =>
        (Function is null ? "" : Function + " at ") + (File ?? "?") + (Line is null ? "" : $":{Line}") + (Line is null || Column is null ? "" : $":{Column}");
}
