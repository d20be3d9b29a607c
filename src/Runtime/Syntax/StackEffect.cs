using System.Collections.Immutable;

namespace HostService.Runtime.Syntax;

/// <summary>What an instruction takes from the operand stack and leaves on it, the same in every module.</summary>
/// <param name="Pops">What it takes, the deepest first; without the address when <paramref name="IsMemoryAccess"/>.</param>
/// <param name="Pushes">What it leaves, the deepest first.</param>
/// <param name="IsMemoryAccess">Whether below <paramref name="Pops"/> it takes an address too, whose type is that of the memory which it names.</param>
internal sealed record StackEffect(ImmutableArray<ValueType> Pops, ImmutableArray<ValueType> Pushes, bool IsMemoryAccess = false);
