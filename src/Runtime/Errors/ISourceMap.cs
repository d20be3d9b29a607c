using System.Collections.Immutable;

namespace HostService.Runtime.Errors;

/// <summary>Knows the source of a module.</summary>
internal interface ISourceMap
{
    /// <summary>Where an instruction comes from, innermost inlined function first; empty when it is not known. Never throws.</summary>
    /// <param name="offset">The instruction's offset in bytes from the start of the binary.</param>
    ImmutableArray<SourcePosition> Find(long offset);

    /// <summary>Where each of many instructions comes from, as <see cref="Find"/> says it: quicker than one after the other. Never throws.</summary>
    /// <param name="offsets">The instructions' offsets in bytes from the start of the binary.</param>
    IReadOnlyDictionary<long, ImmutableArray<SourcePosition>> FindAll(IEnumerable<long> offsets);
}
