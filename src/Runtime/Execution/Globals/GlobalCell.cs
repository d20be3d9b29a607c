using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Globals;

/// <summary>A view of one global: the array that holds it, in an instance or on its own, and its index there.</summary>
/// <remarks>
/// An instance keeps its own globals in two arrays, so that making an instance copies one template and emitted code reaches a global with two loads.
/// Only a global that is imported is reached through a cell.
/// </remarks>
internal sealed class GlobalCell(GlobalType type, ulong[] numbers, RefSlot[] refs, int index)
{
    /// <summary>Holds the bits of numbers; a vector takes two elements.</summary>
    public readonly ulong[] Numbers = numbers;

    /// <summary>Holds references.</summary>
    public readonly RefSlot[] Refs = refs;

    /// <summary>Where in <see cref="Numbers"/> or <see cref="Refs"/>, as the type says.</summary>
    public readonly int Index = index;

    /// <summary>The global's type, canonical.</summary>
    public readonly GlobalType Type = type;
}
