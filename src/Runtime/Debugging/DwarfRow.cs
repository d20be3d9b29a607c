namespace HostService.Runtime.Debugging;

/// <summary>One row of a line table, and the registers of the machine that makes them.</summary>
internal record struct DwarfRow(ulong Address, ulong File, long Line, ulong Column)
{
    /// <summary>The state at the start of a sequence.</summary>
    public static DwarfRow First => new(0, 1, 1, 0);

    /// <summary>The line, counted from 1; null for code that no line stands for.</summary>
    public readonly int? LineNumber => Line is > 0 and <= int.MaxValue ? (int)Line : null;

    /// <summary>The column, counted from 1; null when it is not known.</summary>
    public readonly int? ColumnNumber => Column is > 0 and <= int.MaxValue ? (int)Column : null;
}
