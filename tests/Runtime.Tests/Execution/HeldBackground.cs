using HostService.Runtime.Compilation.Background;

namespace HostService.Runtime.Tests.Execution;

/// <summary>Keeps an Engine's only background thread busy until it is told not to, so that modules stay on baseline code for as long as a test needs.</summary>
internal sealed class HeldBackground : IBackgroundWork
{
    private readonly TaskCompletionSource _released = new();

    /// <summary>An Engine whose background stands still.</summary>
    public static Engine Hold(out HeldBackground held)
    {
        var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 1 });
        engine.BackgroundThreads.Add(held = new HeldBackground());
        return engine;
    }

    /// <summary>Lets the background go on.</summary>
    public void Release() => _released.TrySetResult();

    bool IBackgroundWork.Step()
    {
        _released.Task.Wait();
        return false;
    }

    void IBackgroundWork.Cancel() => Release();
}
