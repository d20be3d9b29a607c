using System.Runtime.ExceptionServices;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation;

/// <summary>Has the CLR make the machine code of a whole module, on several threads: RyuJIT compiles methods of one module side by side.</summary>
internal static class Preparation
{
    /// <summary>How much code makes a second thread worth while: RyuJIT takes about a microsecond for each byte, waking a thread some ten.</summary>
    private const int BytesForHelp = 500;

    /// <summary>Compiles each method once, those of the largest functions first, so that no thread is left alone with one at the end.</summary>
    /// <param name="code">The code.</param>
    /// <param name="bodies">The functions of the module.</param>
    /// <param name="compiled">Says which methods they are.</param>
    /// <param name="maxThreads">On how many threads at most; the calling one is one of them, the others are the thread pool's.</param>
    /// <param name="cancellationToken">Stops between two methods.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(ModuleCode code, CodeBody[] bodies, CompiledCode compiled, int maxThreads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var order = Order(bodies, compiled.SplitFunctions);
        var next = -1;
        void TakeMethods()
        {
            for (int place; (place = Interlocked.Increment(ref next)) < order.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                code.Prepare(order[place]);
            }
        }

        var threads = order.Length < 2 || bodies.Sum(body => (long)body.Length) < BytesForHelp ? 1 : Math.Min(maxThreads, order.Length);
        if (threads == 1)
        {
            TakeMethods();
            return;
        }

        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, _ => TakeMethods());
        }
        catch (AggregateException exception) when (exception.InnerException is { } inner)
        {
            // Which of several methods is reported does not matter: each keeps the module from being prepared.
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static int[] Order(CodeBody[] bodies, int[] splitFunctions)
    {
        var order = new int[bodies.Length + splitFunctions.Length];
        var lengths = new int[order.Length];
        for (var method = 0; method < order.Length; method++)
        {
            var function = method < bodies.Length ? method : splitFunctions[method - bodies.Length];
            (order[method], lengths[method]) = (method, -bodies[function].Length);
        }

        Array.Sort(lengths, order);
        return order;
    }
}
