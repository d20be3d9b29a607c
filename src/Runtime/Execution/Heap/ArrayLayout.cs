namespace HostService.Runtime.Execution.Heap;

/// <summary>How the CLR lays out an array of one dimension: its length, then its elements.</summary>
/// <remarks>
/// Emitted code reads elements whose index validation or linking proved through this field's address, as the class library does with a class of its own: one load with a constant displacement, no bounds
/// check, and the null check for free. A test at start-up of the compiler (see <c>ArrayLayoutTests</c>) holds it to the CLR's layout.
/// </remarks>
internal sealed class ArrayLayout
{
#pragma warning disable CS0649 // Never assigned: no object of this class exists.
    /// <summary>The length, padded to the size of a pointer.</summary>
    public nuint Length;

    /// <summary>The first byte of the first element.</summary>
    public byte Data;
#pragma warning restore CS0649
}
