using HostService.Runtime.Execution.Code;
using HostService.Runtime.Parallelism;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation;

/// <summary>Has the CLR make machine code on several threads: RyuJIT compiles methods of one module side by side.</summary>
internal static class Preparation
{
    /// <summary>How much code makes a second thread worth while: RyuJIT takes about a microsecond for each byte, waking a thread some ten.</summary>
    private const int BytesForHelp = 500;

    /// <summary>Compiles each method of a module once.</summary>
    /// <param name="code">The code.</param>
    /// <param name="bodies">The functions of the module.</param>
    /// <param name="compiled">Says which methods they are.</param>
    /// <param name="maxThreads">On how many threads at most; the calling one is one of them, the others are the thread pool's.</param>
    /// <param name="cancellationToken">Stops between two methods.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(ModuleCode code, CodeBody[] bodies, CompiledCode compiled, int maxThreads, CancellationToken cancellationToken)
    {
        var methods = new int[bodies.Length + compiled.SplitFunctions.Length];
        var lengths = new int[methods.Length];
        for (var method = 0; method < methods.Length; method++)
        {
            var function = method < bodies.Length ? method : compiled.SplitFunctions[method - bodies.Length];
            (methods[method], lengths[method]) = (method, bodies[function].Length);
        }

        Run(methods, lengths, code.Prepare, maxThreads, cancellationToken);
    }

    /// <summary>Compiles some functions of a module.</summary>
    /// <param name="code">The code.</param>
    /// <param name="bodies">The functions of the module.</param>
    /// <param name="functions">Which, counted without the imported ones.</param>
    /// <param name="maxThreads">On how many threads at most; the calling one is one of them, the others are the thread pool's.</param>
    /// <param name="cancellationToken">Stops between two functions.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void RunSome(ModuleCode code, CodeBody[] bodies, IReadOnlyList<int> functions, int maxThreads, CancellationToken cancellationToken) =>
        Run([.. functions], [.. functions.Select(function => bodies[function].Length)], code.PrepareFunction, maxThreads, cancellationToken);

    // The largest first, so that no thread is left alone with one at the end. Both arrays are changed.
    private static void Run(int[] work, int[] lengths, Action<int> prepare, int maxThreads, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var threads = work.Length < 2 || lengths.Sum(length => (long)length) < BytesForHelp ? 1 : Math.Min(maxThreads, work.Length);
        Array.Sort(lengths, work);
        var left = work.Length;
        void TakeWork()
        {
            for (int place; (place = Interlocked.Decrement(ref left)) >= 0;)
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    prepare(work[place]);
                }
                catch
                {
                    Volatile.Write(ref left, 0); // the others stop, too
                    throw;
                }
            }
        }

        // Each method that fails keeps the module from being prepared, so which one is reported does not matter.
        SharedWork.Run(threads, TakeWork);
    }
}
