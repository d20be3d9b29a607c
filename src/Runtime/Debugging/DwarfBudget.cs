namespace HostService.Runtime.Debugging;

/// <summary>How much work debugging information may still cause.</summary>
/// <param name="steps">How many values may be read.</param>
internal sealed class DwarfBudget(long steps)
{
    private long _left = steps;

    /// <summary>How many steps are left.</summary>
    public long Left => _left;

    /// <summary>Takes a step. A value may take no byte at all, so that counting bytes would not bound the work.</summary>
    /// <exception cref="DwarfException">None is left.</exception>
    public void Step()
    {
        if (--_left < 0)
        {
            throw new DwarfException("The debugging information takes too long to read.");
        }
    }
}
