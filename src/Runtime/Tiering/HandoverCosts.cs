namespace HostService.Runtime.Tiering;

/// <summary>What interpreting costs and what compiled code costs, in nanoseconds, by the length of what is run or compiled in the binary.</summary>
/// <remarks>
/// Code is made once a function or loop has been interpreted for about as long as making its code takes: whatever happens next, no more than twice the time is spent that would have been spent by someone who knew.
/// The figures are those of docs/adr/0059.
/// </remarks>
internal static class HandoverCosts
{
    /// <summary>How often a function is called between two looks at it.</summary>
    public const int Calls = 256;

    /// <summary>How often a loop turns between two looks at it.</summary>
    public const int Turns = 1_024;

    /// <summary>Running a byte of a function or a loop once: half of them are passed by in each round.</summary>
    private const double InterpretedByte = 1;

    private const double UnoptimizedMethod = 50_000;
    private const double UnoptimizedByte = 600;

    // An image of its own, too.
    private const double Continuation = 1_500_000;
    private const double OptimizedByte = 3_000;

    // What a loop calls is compiled as soon as compiled code calls it, and how much that is nobody knows beforehand: the loop that drives all of a program must not be taken for one that does the work.
    private const double CallingLoop = 3_000_000;
    private const double CallingAnythingLoop = 50_000_000;

    /// <summary>What running code of this length so often has cost.</summary>
    public static double Interpreting(int bytes, int times) => bytes * InterpretedByte * times;

    /// <summary>What baseline code of a function costs.</summary>
    public static double Compiling(int functionBytes) => UnoptimizedMethod + (functionBytes * UnoptimizedByte);

    /// <summary>What a continuation of a function at a loop costs.</summary>
    public static double Continuing(int functionBytes, LoopCalls calls) => Continuation + (functionBytes * OptimizedByte) + calls switch
    {
        LoopCalls.None => 0,
        LoopCalls.Known => CallingLoop,
        _ => CallingAnythingLoop,
    };
}
