using System.Collections.Immutable;

namespace HostService.Runtime.Errors;

/// <summary>Knows the source of a module.</summary>
internal interface ISourceMap
{
    /// <summary>Where an instruction comes from, innermost inlined function first; empty when it is not known. Never throws.</summary>
    /// <param name="offset">The instruction's offset in bytes from the start of the binary.</param>
    ImmutableArray<SourcePosition> Find(long offset);
}
