using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution;

/// <summary>A value that no other element of an array shares its cache lines with, so that processors that write neighbours don't wait for each other.</summary>
/// <typeparam name="T">A reference, or something as small.</typeparam>
internal struct Padded<T>
{
    /// <summary>The value.</summary>
    public T Value;

#pragma warning disable CS0169, IDE0051 // It is there to take room.
    private readonly CacheLinePair _padding;
#pragma warning restore CS0169, IDE0051
}

/// <summary>With a reference before it, two cache lines of x64: its processors fetch them in pairs.</summary>
[InlineArray(15)]
internal struct CacheLinePair
{
    private ulong _first;
}
