namespace HostService.Host.Features.Modules;

/// <summary>Threads that compile, one for each compilation: on the thread pool, one would keep requests waiting for seconds that have nothing to do with it.</summary>
internal static class CompilationThread
{
    // The recursion of the CLR's own compiler is what needs the room; 16 MiB is twice what Linux gives a program's first thread.
    private const int StackBytes = 16 << 20;

    /// <summary>Does something on a thread of its own.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    completion.SetResult(work());
                }
                catch (Exception failure)
                {
                    completion.SetException(failure);
                }
            },
            StackBytes) { IsBackground = true, Name = "compile" };
        thread.Start();
        return completion.Task;
    }
}
