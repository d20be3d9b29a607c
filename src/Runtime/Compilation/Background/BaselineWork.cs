using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.Background;

/// <summary>Makes the baseline code of functions that are known to be called soon, ahead of their first call. Thread-safe.</summary>
/// <param name="code">The baseline code.</param>
/// <param name="ready">Is told of each function once its code is there.</param>
/// <param name="functions">Which functions, in this order: the largest first, so that no thread is left alone with one at the end.</param>
internal sealed class BaselineWork(ModuleCode code, Action<int>? ready, int[] functions)
{
    private int _next;

    /// <summary>Prepares one function.</summary>
    /// <returns>False when none is left to begin.</returns>
    public bool Step()
    {
        var place = Volatile.Read(ref _next) < functions.Length ? Interlocked.Increment(ref _next) - 1 : functions.Length;
        if (place >= functions.Length)
        {
            return false;
        }

        try
        {
            code.Prepare(functions[place]);
            ready?.Invoke(functions[place]);
        }
        catch (Exception)
        {
            // What the CLR can't compile, or a module that was disposed meanwhile: whoever calls the function is told.
        }

        return true;
    }
}
