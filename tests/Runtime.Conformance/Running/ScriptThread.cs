using System.Collections.Immutable;
using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance.Running;

/// <summary>A thread that a script started, with a Store of its own.</summary>
internal sealed class ScriptThread
{
    private readonly Thread _thread;
    private ImmutableArray<string> _failures = [];

    private ScriptThread(Action<ScriptThread> run) => _thread = new Thread(() => run(this)) { IsBackground = true };

    /// <summary>Starts it.</summary>
    /// <param name="engine">The script's Engine.</param>
    /// <param name="clock">The script's clock.</param>
    /// <param name="storesModules">Whether its modules are stored and loaded again before they run.</param>
    /// <param name="command">The command that has its commands.</param>
    /// <param name="shared">What it can import by the name that the command gives.</param>
    public static ScriptThread Start(Engine engine, ScriptClock clock, bool storesModules, Command command, Instance? shared)
    {
        var started = new ScriptThread(self => self._failures = Run(engine, clock, storesModules, command, shared));
        started._thread.Start();
        return started;
    }

    /// <summary>Waits for its end and says what failed.</summary>
    public ImmutableArray<string> Join()
    {
        _thread.Join();
        return _failures;
    }

    private static ImmutableArray<string> Run(Engine engine, ScriptClock clock, bool storesModules, Command command, Instance? shared)
    {
        try
        {
            using var session = new Session(engine, clock, storesModules);
            if (shared is not null)
            {
                session.Share(command.SharedModule!, shared);
            }

            return
            [
                .. from inner in command.Commands
                   let verdict = session.Run(inner)
                   where verdict.Outcome == Outcome.Failed
                   select $"{inner}: {verdict.Reason}",
                .. session.JoinThreads(),
            ];
        }
        catch (Exception unexpected)
        {
            return [$"{unexpected}"];
        }
    }
}
