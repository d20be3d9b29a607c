using System.Collections.Immutable;

namespace HostService.Runtime.Errors;

/// <summary>One WebAssembly function that was active when a trap happened.</summary>
/// <param name="Module">The name that the embedder gave the module, else the name section's, else null.</param>
/// <param name="Function">The function's name: from the name section, else its export name, else <c>func[12]</c>.</param>
/// <param name="FunctionIndex">The function's index in its module, imports included.</param>
/// <param name="Offset">The instruction's offset in bytes from the start of the binary.</param>
/// <param name="IsApproximate">Whether <paramref name="Offset"/> is only known to be in the neighbourhood; the function is always exact.</param>
public sealed record TrapFrame(string? Module, string Function, int FunctionIndex, long Offset, bool IsApproximate)
{
    /// <summary>
    /// Where the instruction comes from, if the module carries DWARF (custom sections <c>.debug_…</c>, which compilers write with <c>-g</c>): first the position itself, in the innermost function that the
    /// compiler inlined there; then the place where that one was called, and so on; last a position in the function that was compiled. Empty when nothing is known.
    /// </summary>
    /// <remarks>The debugging information is read when this is first asked for, also after the module was disposed; broken information is as none. Thread-safe.</remarks>
    public ImmutableArray<SourcePosition> Source => SourceMap?.Find(Offset) ?? [];

    internal ISourceMap? SourceMap { get; init; }

    /// <summary>What tells the frame's module from others: its syntax, which keeps no code alive.</summary>
    internal object? ModuleKey { get; init; }
}
