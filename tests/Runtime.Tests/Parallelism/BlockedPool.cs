namespace HostService.Runtime.Tests.Parallelism;

/// <summary>A pool whose threads all wait, those that it adds too, until this is disposed.</summary>
internal sealed class BlockedPool : IDisposable
{
    // The pool adds one or two in a second, and what is asked of it later comes after these.
    private const int Blocked = 2_000;

    private readonly ManualResetEventSlim _end = new();

    public BlockedPool()
    {
        for (var i = 0; i < Blocked; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(end => end.Wait(), _end, preferLocal: false);
        }
    }

    public void Dispose() => _end.Set();
}
