using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>The check at the start of a loop saves and restores the loop's locals by itself, so an extended deadline must leave no trace in any result.</summary>
public class DeadlineInLoopTests
{
    // Enough for each kernel to go round every one of its loops, and small enough for those that are exponential.
    private const int Argument = 7;

    // So many in a row; the loops after those are interrupted whenever the epoch advances, or the test would take minutes.
    private const int ConsecutiveExtensions = 2_000;

    public static TheoryData<string> Kernels => [.. Directory.GetFiles(KernelFolder(), "*.wasm").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_DeadlineExtendedAgainAndAgain_GivesTheSameResult(string kernel)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, File.ReadAllBytes(Path.Combine(KernelFolder(), kernel + ".wasm")));
        var extensions = 0;

        var undisturbed = Run(module, static _ => { });
        using var ticker = new Timer(_ => engine.IncrementEpoch(), null, dueTime: 1, period: 1);
        var interrupted = Run(module, store =>
        {
            store.SetEpochDeadline(0);
            store.OnEpochDeadline(_ => ++extensions < ConsecutiveExtensions ? 0UL : 1UL);
        });

        Assert.Equal(undisturbed, interrupted);
        Assert.True(extensions > 0, "The deadline was never looked at.");
    }

    private static string Run(Module module, Action<Store> prepare)
    {
        using var store = new Store(module.Engine);
        prepare(store);
        return new Linker(module.Engine).Instantiate(store, module).GetFunction("run")!.Call(Argument)[0].ToString();
    }

    private static string KernelFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return Path.Combine(folder.FullName, "bench", "kernels", "wasm");
    }
}
