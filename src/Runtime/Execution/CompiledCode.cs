namespace HostService.Runtime.Execution;

/// <summary>What the compiler makes of a module: a PE image of IL that can be loaded now, or stored and loaded later.</summary>
internal sealed class CompiledCode
{
    /// <summary>The PE image.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Where in <see cref="Image"/> the eight bytes of the epoch's address are to be written before it is loaded.</summary>
    public required int[] EpochRelocations { get; init; }

    /// <summary>The metadata row of the method of the first function that is not imported; the others follow in order.</summary>
    public required int FirstFunctionRow { get; init; }

    /// <summary>
    /// Which function, counted without the imported ones, each method after those of the functions has the body of: a function with a frame so large that the stack must be checked before
    /// it is entered is two methods.
    /// </summary>
    public int[] SplitFunctions { get; init; } = [];

    /// <summary>Which instruction each IL offset belongs to.</summary>
    public required AddressMap Addresses { get; init; }

    /// <summary>The function, counted without the imported ones, that a method belongs to; −1 when it is none's.</summary>
    /// <param name="row">The method's metadata row.</param>
    public int FunctionOfRow(int row)
    {
        var (index, count) = (row - FirstFunctionRow, Addresses.FunctionCount);
        return index < 0 ? -1
            : index < count ? index
            : index - count < SplitFunctions.Length ? SplitFunctions[index - count]
            : -1;
    }
}
