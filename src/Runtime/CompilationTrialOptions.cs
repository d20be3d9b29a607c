using System.Collections.Immutable;

namespace HostService.Runtime;

/// <summary>
/// What compiling the suspicious functions of one module may use, and how the child process in which that is found out is started. See
/// <see cref="EngineOptions.Trial"/>. Immutable.
/// </summary>
/// <remarks>
/// Functions are suspicious whose shape is such that the CLR's compiler was seen to need much more time or memory than for others of their length. The limits are for all of them together and for each
/// of a module's two codes; what the process uses before it begins with the first function does not count.
/// </remarks>
public sealed record CompilationTrialOptions
{
    /// <summary>The most processor time for each of the two codes. At least 10 ms. Default 20 s.</summary>
    public TimeSpan MaxProcessorTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>By how many bytes the child process may grow. At least 16 MiB. Default 1 GiB.</summary>
    public long MaxMemoryBytes { get; init; } = 1L << 30;

    /// <summary>How many trials an Engine makes at once; others wait. At least 1. Default 1.</summary>
    public int MaxConcurrent { get; init; } = 1;

    /// <summary>
    /// The program that is the child process, and its arguments. Default: empty, which is this library, started with the <c>dotnet</c> that runs the host. A host that was
    /// published as a single file or with its own copy of .NET names a program whose entry point calls <see cref="CompilationTrial.RunChild"/>.
    /// </summary>
    public ImmutableArray<string> Command { get; init; } = [];

    // The clock goes on while others use the processor, so this only ends what waits for ever.
    internal TimeSpan MaxWallTime => (MaxProcessorTime * 20) + TimeSpan.FromMinutes(1);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxProcessorTime, TimeSpan.FromMilliseconds(10), nameof(MaxProcessorTime));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMemoryBytes, 16 << 20, nameof(MaxMemoryBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrent, 1, nameof(MaxConcurrent));
    }
}
