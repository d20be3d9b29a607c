namespace HostService.Runtime.Debugging;

/// <summary>How much work debugging information may still cause.</summary>
/// <param name="steps">How many values may be read.</param>
/// <param name="textBytes">How long all texts together may be that are copied.</param>
internal sealed class DwarfBudget(long steps, int textBytes = DwarfBudget.MaxTextBytes)
{
    /// <summary>How long all texts of a position may be together. Deeply inlined C++ has some thousand bytes.</summary>
    public const int MaxTextBytes = 32 << 10;

    // An exception takes as long as reading some thousand values, and what is broken may be there as often as it likes.
    private const long StepsOfBroken = 5_000;

    private long _left = steps;

    /// <summary>How many steps are left.</summary>
    public long Left => _left;

    /// <summary>How long the texts are that were copied.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Takes steps. A value may take no byte at all, so that counting bytes would not bound the work.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="DwarfException">Fewer are left.</exception>
    public void Step(long count = 1)
    {
        if ((_left -= count) < 0)
        {
            throw new DwarfException("The debugging information takes too long to read.");
        }
    }

    /// <summary>Whether it was that which ended the reading, and not something broken.</summary>
    public bool IsSpent => _left < 0 || TextBytes > textBytes;

    /// <summary>Counts something broken that was passed over.</summary>
    /// <exception cref="DwarfException">Nothing is left.</exception>
    public void StepOverBroken() => Step(StepsOfBroken);

    /// <summary>Counts a text that is about to be copied: hundreds of names of a position may point to the same long one.</summary>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="DwarfException">All together are too long.</exception>
    public void Copy(int bytes)
    {
        if ((TextBytes += bytes) > textBytes)
        {
            throw new DwarfException("The names of a position are too long.");
        }
    }
}
