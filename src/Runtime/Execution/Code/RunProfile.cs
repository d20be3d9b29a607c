namespace HostService.Runtime.Execution.Code;

/// <summary>Which functions of a module ran: a byte for each while code sets them, a list of numbers when stored.</summary>
internal static class RunProfile
{
    /// <summary>Bytes that emitted code may have the address of.</summary>
    /// <param name="functions">How many functions there are, imported ones not counted.</param>
    /// <param name="profile">Those of them that ran earlier.</param>
    public static byte[] NewMarks(int functions, ReadOnlySpan<int> profile)
    {
        var marks = GC.AllocateArray<byte>(functions, pinned: true);
        foreach (var function in profile)
        {
            marks[function] = 1;
        }

        return marks;
    }

    /// <summary>The functions that ran, in ascending order.</summary>
    public static List<int> Of(ReadOnlySpan<byte> marks)
    {
        var functions = new List<int>();
        for (var position = 0; marks[position..].IndexOfAnyExcept((byte)0) is >= 0 and var step; position += step + 1)
        {
            functions.Add(position + step);
        }

        return functions;
    }
}
