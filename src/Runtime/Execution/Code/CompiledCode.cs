namespace HostService.Runtime.Execution.Code;

/// <summary>What the compiler makes of a module: a PE image of IL that can be loaded now, or stored and loaded later.</summary>
internal sealed class CompiledCode
{
    /// <summary>The PE image.</summary>
    public required CodeImage Image { get; init; }

    /// <summary>The metadata row of the method of the first function that is not imported; the others follow in order.</summary>
    public required int FirstFunctionRow { get; init; }

    /// <summary>
    /// Which function, counted without the imported ones, each method after those of the functions has the body of: a function with a frame so large that the stack must be checked before
    /// it is entered is two methods.
    /// </summary>
    public int[] SplitFunctions { get; init; } = [];

    /// <summary>The functions, counted without the imported ones, that RyuJIT may need very much time or memory to optimise. See docs/adr/0061.</summary>
    public int[] Suspects { get; init; } = [];

    /// <summary>Those that it may need very much time or memory for even without optimising.</summary>
    public int[] UnoptimizedSuspects { get; init; } = [];

    /// <summary>How many functions RyuJIT will not optimise, and for which of its limits.</summary>
    public OptimizerLimitCounts OverLimits { get; init; }

    /// <summary>Which instruction each IL offset belongs to.</summary>
    public required AddressMap Addresses { get; init; }

    /// <summary>How many functions it has, imported ones not counted.</summary>
    public int FunctionCount => Addresses.FunctionCount;

    /// <summary>How many methods: the functions' own, then the bodies of split ones.</summary>
    public int MethodCount => FunctionCount + SplitFunctions.Length;

    /// <summary>The methods that a function, counted without the imported ones, consists of.</summary>
    public IEnumerable<int> MethodsOf(int function)
    {
        yield return function;
        for (var split = Array.IndexOf(SplitFunctions, function); split >= 0; split = Array.IndexOf(SplitFunctions, function, split + 1))
        {
            yield return FunctionCount + split;
        }
    }

    /// <summary>The function, counted without the imported ones, that a method belongs to; −1 when it is none's.</summary>
    /// <param name="row">The method's metadata row.</param>
    public int FunctionOfRow(int row)
    {
        var (index, count) = (row - FirstFunctionRow, FunctionCount);
        return index < 0 ? -1
            : index < count ? index
            : index - count < SplitFunctions.Length ? SplitFunctions[index - count]
            : -1;
    }
}
