using System.Collections.Immutable;
using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance.Running;

internal sealed partial class Session
{
    private readonly Dictionary<string, ScriptThread> _threads = [];

    /// <summary>Waits for the threads that the script did not wait for, and says what failed in them.</summary>
    public ImmutableArray<string> JoinThreads()
    {
        ImmutableArray<string> failures = [.. _threads.SelectMany(thread => thread.Value.Join().Select(failure => $"in the thread {thread.Key}: {failure}"))];
        _threads.Clear();
        return failures;
    }

    private Verdict StartThread(Command command)
    {
        var name = command.Name ?? throw new FormatException("the thread has no name");
        if (_threads.ContainsKey(name))
        {
            return Verdict.Failed($"a thread \"{name}\" runs already");
        }

        var shared = command.SharedModule is { } module ? Find(module) : null;
        _threads.Add(name, ScriptThread.Start(_engine, _clock, _storesModules, command, shared));
        return Verdict.Passed;
    }

    private Verdict Wait(Command command)
    {
        if (command.Thread is null || !_threads.Remove(command.Thread, out var thread))
        {
            return Verdict.Failed($"there is no thread \"{command.Thread}\" to wait for");
        }

        var failures = thread.Join();
        return failures.IsEmpty ? Verdict.Passed : Verdict.Failed($"in the thread: {string.Join("; ", failures)}");
    }
}
