namespace HostService.Runtime.Execution.Heap;

/// <summary>A 31-bit integer as a reference.</summary>
/// <remarks>The CLR has no tagged pointers, so numbers beyond the small ones, which are shared, are objects; equality looks at the number.</remarks>
internal sealed class I31
{
    private const int SharedFrom = -256;
    private const int SharedTo = 1024;
    private static readonly I31[] s_shared = [.. Enumerable.Range(SharedFrom, SharedTo - SharedFrom).Select(value => new I31(value))];

    private I31(int value) => Value = value;

    /// <summary>The number, sign-extended from 31 bits.</summary>
    public readonly int Value;

    /// <summary>The reference for the low 31 bits of a number.</summary>
    public static I31 From(int bits)
    {
        var value = (bits << 1) >> 1;
        return (uint)(value - SharedFrom) < SharedTo - SharedFrom ? s_shared[value - SharedFrom] : new I31(value);
    }
}
