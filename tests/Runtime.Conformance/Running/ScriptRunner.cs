using System.Collections.Immutable;
using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Runs a script with an Engine of its own, within a bounded time.</summary>
internal static class ScriptRunner
{
    // What a script may use beyond its time before its thread is given up: an interrupted guest ends in microseconds.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    // Deep recursion of the guest is bounded by the engine; this is room for it and for the runner.
    private const int StackBytes = 16 << 20;

    public static ScriptResult Run(Script script, ScriptOptions options)
    {
        var tally = new Tally(script.Name);
        Exception? broken = null;
        var thread = new Thread(() => broken = Judgement.Catch(() => Run(script, options, tally)), StackBytes) { IsBackground = true, Name = script.Name };
        thread.Start();
        if (!thread.Join(options.Timeout + s_grace))
        {
            return tally.Result($"the script did not end within {options.Timeout.TotalSeconds:0} s; it was at {tally.Current}");
        }

        return tally.Result(broken is null ? null : $"the script broke off at {tally.Current}: {broken}");
    }

    private static void Run(Script script, ScriptOptions options, Tally tally)
    {
        var engineOptions = new EngineOptions
        {
            Features = Proposals.NeededBy(script),
            HostFunctions = Spectest.Functions,
            BoundsChecks = options.BoundsChecks,
            Compilation = options.Code switch
            {
                ScriptCode.Baseline => CompilationStrategy.Baseline,
                ScriptCode.Tiered => CompilationStrategy.Tiered,
                ScriptCode.Interpreted or ScriptCode.HandedOver => CompilationStrategy.Interpreted,
                _ => CompilationStrategy.Optimized,
            },
            HandsOverAfter = options.Code == ScriptCode.HandedOver ? 2 : 0,
        };
        using var engine = new Engine(engineOptions);
        using (var clock = new ScriptClock(engine, options.Timeout))
        {
            if (options.ValidateOnly)
            {
                tally.Count(script.Commands, command => Validation.Run(engine, command));
            }
            else
            {
                using var session = new Session(engine, clock, options.Code == ScriptCode.Stored);
                tally.Count(script.Commands, session.Run);
                tally.Fail(session.JoinThreads());
            }
        }

        // Everything that a script makes is its own, so an Engine that still holds a module or a memory leaks.
        if (engine.GetStatistics() is { } left && (left.Modules != 0 || left.MemoriesInUse != 0))
        {
            tally.Fail([$"left behind when all was disposed: {left}"]);
        }
    }

    private sealed class Tally(string name)
    {
        private readonly List<string> _failures = [];
        private int _passed;
        private int _skipped;

        public Command? Current { get; private set; }

        public void Count(IEnumerable<Command> commands, Func<Command, Verdict> run)
        {
            foreach (var command in commands)
            {
                Current = command;
                var verdict = run(command);
                lock (_failures)
                {
                    Count(command, verdict);
                }
            }
        }

        public void Fail(ImmutableArray<string> reasons)
        {
            lock (_failures)
            {
                _failures.AddRange(reasons);
            }
        }

        // Also called while a script that hangs is still counting.
        public ScriptResult Result(string? failure)
        {
            lock (_failures)
            {
                ImmutableArray<string> failures = failure is null ? [.. _failures] : [.. _failures, failure];
                return new ScriptResult(name, _passed, _skipped, failures);
            }
        }

        private void Count(Command command, Verdict verdict)
        {
            switch (verdict.Outcome)
            {
                case Outcome.Passed: _passed++; break;
                case Outcome.Skipped: _skipped++; break;
                case Outcome.Failed: _failures.Add($"{command}: {verdict.Reason}"); break;
            }
        }
    }
}
