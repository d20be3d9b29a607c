using System.Diagnostics;
using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Trials;

/// <summary>Functions of a suspicious shape are compiled in a child process first; what that says decides which code the module gets.</summary>
public sealed class CompilationTrialTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly CompilationTrialOptions s_short = new() { MaxProcessorTime = TimeSpan.FromMilliseconds(10) };
    private static readonly CompilationTrialOptions s_absent = new() { Command = ["/no/such/program"] };

    [Theory]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Optimized)]
    public async Task Trial_WithinTheLimits_ModuleIsOptimized(CompilationStrategy strategy)
    {
        using var engine = EngineWith(new CompilationTrialOptions(), strategy);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);

        Assert.Equal(CompilationOutcome.Passed, module.Verdict!.Outcome);
        Assert.Null(module.Verdict.Reason);
        Assert.True(module.GetStatistics().MachineCodeIsOptimized);
        Assert.Equal(Suspicious.Result, ResultOf(module));
    }

    [Theory]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Optimized)]
    public async Task Trial_BeyondTheTime_ModuleStaysOnBaselineCodeAndAnswers(CompilationStrategy strategy)
    {
        using var engine = EngineWith(s_short, strategy);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);

        Assert.Equal(CompilationOutcome.Exceeded, module.Verdict!.Outcome);
        Assert.StartsWith("func[1] large: optimising it: more than 10 ms of processor time", module.Verdict.Reason, StringComparison.Ordinal);
        Assert.False(module.GetStatistics().MachineCodeIsOptimized);
        Assert.Equal(Suspicious.Result, ResultOf(module));
        if (module.Optimization is { } optimization)
        {
            Assert.Equal(module.Verdict.Reason, (await Assert.ThrowsAsync<ModuleLimitException>(() => optimization.Completion)).Message);
        }
    }

    [Fact]
    public void Trial_BeyondTheMemory_SaysSo()
    {
        using var engine = EngineWith(new CompilationTrialOptions { MaxMemoryBytes = 16 << 20 }, CompilationStrategy.Optimized);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);

        Assert.Equal("func[1] large: optimising it: more than 16 MiB of memory", module.Verdict!.Reason);
        Assert.Equal(Suspicious.Result, ResultOf(module));
    }

    [Theory]
    [InlineData(CompilationStrategy.Baseline)]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Optimized)]
    public void Trial_BaselineBeyondTheLimits_IsRefusedByName(CompilationStrategy strategy)
    {
        using var engine = EngineWith(s_short, strategy);

        var refusal = Assert.Throws<ModuleLimitException>(() => Module.Compile(engine, Suspicious.ToCompileAtAll));

        Assert.StartsWith("func[2] huge: compiling it, even without optimisation: more than 10 ms of processor time", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (engine.GetStatistics().Modules, engine.GetStatistics().Signatures));
    }

    [Fact]
    public async Task Trial_WhenTheEngineIsDisposed_EndsAndIsNoFailure()
    {
        var engine = EngineWith(new CompilationTrialOptions { MaxConcurrent = 1 }, CompilationStrategy.Tiered);
        var modules = Enumerable.Range(0, 4).Select(_ => Module.Compile(engine, Suspicious.ToOptimize)).ToList();
        engine.Dispose();

        foreach (var module in modules)
        {
            await Task.WhenAny(module.Optimization!.Completion, Task.Delay(s_patience));
            Assert.True(module.Optimization.Completion.IsCanceled, module.Optimization.Completion.Status.ToString());
        }
    }

    [Fact]
    public void Trial_OrdinaryModule_StartsNoProcess()
    {
        using var engine = EngineWith(s_absent, CompilationStrategy.Optimized);
        using var module = Module.Compile(engine, Wat.ToBinary("(module (func (export \"run\") (result i32) i32.const 3))"));

        Assert.Null(module.Verdict);
        Assert.Equal(0, module.SuspiciousFunctionCount);
        Assert.Equal(3, ResultOf(module));
    }

    [Fact]
    public async Task Trial_NoChildProcess_ModuleStaysOnBaselineCodeUntilItIsFoundOut()
    {
        using var engine = EngineWith(s_absent, CompilationStrategy.Tiered);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);

        Assert.Equal(CompilationOutcome.Unknown, module.Verdict!.Outcome);
        Assert.Contains("could not be started", module.Verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(Suspicious.Result, ResultOf(module));
        Assert.Throws<CompilationTrialException>(() => Module.Compile(engine, Suspicious.ToCompileAtAll));

        using var better = EngineWith(new CompilationTrialOptions(), CompilationStrategy.Tiered);
        using var again = Module.Deserialize(better, module.Serialize());
        await EndOf(again);
        Assert.Equal(CompilationOutcome.Passed, again.Verdict!.Outcome);
    }

    [Theory]
    [InlineData(20_000, CompilationOutcome.Passed)]
    [InlineData(10, CompilationOutcome.Exceeded)]
    public async Task Verdict_OfAStoredModule_HoldsWhereTheLimitsAreTheSame(int milliseconds, CompilationOutcome outcome)
    {
        var options = new CompilationTrialOptions { MaxProcessorTime = TimeSpan.FromMilliseconds(milliseconds) };
        using var engine = EngineWith(options, CompilationStrategy.Tiered);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);
        var artifact = module.Serialize();

        // No child can be started here, so whoever knows must have read it.
        using var same = EngineWith(options with { Command = s_absent.Command }, CompilationStrategy.Tiered);
        using var loaded = Module.Deserialize(same, artifact);
        await EndOf(loaded);
        Assert.Equal(outcome, loaded.Verdict!.Outcome);
        Assert.Equal(module.Verdict, loaded.Verdict);
        Assert.Equal(outcome == CompilationOutcome.Passed, loaded.GetStatistics().MachineCodeIsOptimized);

        using var other = EngineWith(options with { MaxMemoryBytes = 2L << 30, Command = s_absent.Command }, CompilationStrategy.Tiered);
        using var judged = Module.Deserialize(other, artifact);
        await EndOf(judged);
        Assert.Equal(CompilationOutcome.Unknown, judged.Verdict!.Outcome);
    }

    [Fact]
    public async Task Trial_ChildThatDies_IsNoReasonToOptimizeHere()
    {
        using var engine = EngineWith(TrialChild.Options(TrialChild.Dies, "-"), CompilationStrategy.Tiered);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);

        Assert.Equal(CompilationOutcome.Unknown, module.Verdict!.Outcome);
        Assert.Contains("ended before it compiled anything", module.Verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_HostsSecrets_DoNotReachTheChild()
    {
        using var files = new TemporaryFiles();
        var (told, secret) = (files.Path("told"), files.Path("secret"));
        await using var open = File.Create(secret);
        Environment.SetEnvironmentVariable("TRIAL_TEST_OPERATOR_KEY", "not-for-children");
        using var engine = EngineWith(TrialChild.Options(TrialChild.Tells, told), CompilationStrategy.Tiered);
        using var module = Module.Compile(engine, Suspicious.ToOptimize);
        await EndOf(module);

        Assert.Equal(CompilationOutcome.Passed, module.Verdict!.Outcome);
        var lines = await File.ReadAllLinesAsync(told);
        Assert.Contains("DOTNET_gcServer=0", lines);
        Assert.DoesNotContain(lines, line => line.Contains("not-for-children", StringComparison.Ordinal) || line.Contains(secret, StringComparison.Ordinal));
        Assert.All(lines.Where(line => !line.StartsWith("open ", StringComparison.Ordinal)), line => Assert.Matches("^(DOTNET_|LD_LIBRARY_PATH=|SystemRoot=)", line));
    }

    [Fact]
    public async Task Dispose_DuringATrial_EndsTheChild()
    {
        using var files = new TemporaryFiles();
        var told = files.Path("process");
        using var engine = EngineWith(TrialChild.Options(TrialChild.Hangs, told), CompilationStrategy.Tiered);
        var module = Module.Compile(engine, Suspicious.ToOptimize);
        using var child = await ChildThatWrote(told);

        module.Dispose();

        await child.WaitForExitAsync().WaitAsync(s_patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => module.Optimization!.Completion.WaitAsync(s_patience));
    }

    [Fact]
    public async Task DisposeOfTheEngine_DuringATrial_EndsTheChildAndTheWaitForATurn()
    {
        using var files = new TemporaryFiles();
        var told = files.Path("process");
        var engine = EngineWith(TrialChild.Options(TrialChild.Hangs, told), CompilationStrategy.Tiered);
        var tried = Module.Compile(engine, Suspicious.ToOptimize);
        using var child = await ChildThatWrote(told);
        var waiting = Module.Compile(engine, Suspicious.ToOptimize);

        engine.Dispose();

        await child.WaitForExitAsync().WaitAsync(s_patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tried.Optimization!.Completion.WaitAsync(s_patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Optimization!.Completion.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Compile_CancelledDuringATrial_EndsTheChild()
    {
        using var files = new TemporaryFiles();
        using var cancellation = new CancellationTokenSource();
        var told = files.Path("process");
        using var engine = EngineWith(TrialChild.Options(TrialChild.Hangs, told), CompilationStrategy.Baseline);
        var compilation = Task.Run(() => Module.Compile(engine, Suspicious.ToCompileAtAll, cancellationToken: cancellation.Token));
        using var child = await ChildThatWrote(told);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => compilation.WaitAsync(s_patience));
        await child.WaitForExitAsync().WaitAsync(s_patience);
        Assert.Equal(0, engine.GetStatistics().Modules);
    }

    [Theory]
    [InlineData(9, 1 << 30, 1)]
    [InlineData(1_000, 1 << 20, 1)]
    [InlineData(1_000, 1 << 30, 0)]
    public void Engine_LimitsThatMakeNoSense_AreRefused(int milliseconds, int bytes, int concurrent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions
        {
            Trial = new() { MaxProcessorTime = TimeSpan.FromMilliseconds(milliseconds), MaxMemoryBytes = bytes, MaxConcurrent = concurrent },
        }));

    private static Engine EngineWith(CompilationTrialOptions trial, CompilationStrategy strategy) => new(new EngineOptions { Trial = trial, Compilation = strategy });

    private static async Task EndOf(Module module)
    {
        if (module.Optimization is { } optimization)
        {
            await ((Task)optimization.Completion.WaitAsync(s_patience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(optimization.Completion.IsCompleted);
        }
    }

    private static int ResultOf(Module module)
    {
        using var store = new Store(module.Engine);
        return new Linker(module.Engine).Instantiate(store, module).GetFunction("run")!.Call()[0].I32;
    }

    private static async Task<Process> ChildThatWrote(string file)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file, patience.Token)).Length == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        return Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(file, patience.Token), System.Globalization.CultureInfo.InvariantCulture));
    }

    private sealed class TemporaryFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hostservice-trial-");

        public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
