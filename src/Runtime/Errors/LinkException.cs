using System.Collections.Immutable;

namespace HostService.Runtime.Errors;

/// <summary>The module's imports can't be given: one is missing, or what is offered has another type.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/modules.html#instantiation">Spec: instantiation</see></remarks>
public sealed class LinkException : WasmException
{
    internal LinkException(ImmutableArray<string> problems)
        : base(string.Join("; ", problems)) => Problems = problems;

    /// <summary>One sentence for each import that can't be given, naming the import and beginning with the specification's words. Of more than a hundred, the last sentence says how many are not named; long names and types are cut.</summary>
    public ImmutableArray<string> Problems { get; }
}
