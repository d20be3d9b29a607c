using System.Collections.Immutable;
using HostService.Runtime.Conformance.Values;

namespace HostService.Runtime.Conformance.Scripts;

/// <summary>One command of a script, with whichever of the schema's fields it has.</summary>
/// <param name="Type">The schema's word for it.</param>
/// <param name="Line">Its line in the source of the script.</param>
internal sealed record Command(string Type, int Line)
{
    /// <summary>Why the command can't be read; null when it can.</summary>
    public string? Problem { get; init; }

    public string? Name { get; init; }

    /// <summary>For <c>register</c>: the module name to import it by.</summary>
    public string? As { get; init; }

    /// <summary>For <c>module_instance</c>: the name of the new instance.</summary>
    public string? Instance { get; init; }

    /// <summary>For <c>module_instance</c>: the name of the definition.</summary>
    public string? Module { get; init; }

    /// <summary>What an assertion expects the error to say.</summary>
    public string? Text { get; init; }

    public ModuleFile? File { get; init; }

    public ScriptAction? Action { get; init; }

    public ImmutableArray<ScriptValue> Expected { get; init; } = [];

    /// <summary>For <c>wait</c>: the thread.</summary>
    public string? Thread { get; init; }

    /// <summary>For <c>thread</c>: the module that it shares.</summary>
    public string? SharedModule { get; init; }

    /// <summary>For <c>thread</c>: what it runs.</summary>
    public ImmutableArray<Command> Commands { get; init; } = [];

    public override string ToString() =>
        $"line {Line}: {Type}{(Action is null ? "" : $" {Action}")}{(File is null ? "" : $" {Path.GetFileName(File.Path)}")}{(As ?? Name ?? Thread) switch
        {
            null => "",
            var name => $" {name}",
        }}";
}

/// <summary>Something to do with an instance.</summary>
/// <param name="IsInvoke">Call a function, rather than read a global.</param>
/// <param name="Module">The instance's name; null for the current one.</param>
/// <param name="Field">The export's name.</param>
/// <param name="Arguments">For a call.</param>
internal sealed record ScriptAction(bool IsInvoke, string? Module, string Field, ImmutableArray<ScriptValue> Arguments)
{
    public override string ToString() => $"{(IsInvoke ? "" : "get ")}\"{Field}\"{(IsInvoke ? $"({string.Join(", ", Arguments)})" : "")}";
}

/// <summary>The module of a command.</summary>
/// <param name="Path">The file to load.</param>
/// <param name="IsText">Whether it exists as text only, which this runner can't read.</param>
internal sealed record ModuleFile(string Path, bool IsText);
