using HostService.Runtime.Compilation.IL;

namespace HostService.Runtime.Compilation;

/// <summary>How a module is compiled. Part of the identity of stored code.</summary>
internal sealed record CompileOptions
{
    /// <summary>Whether every memory with 32-bit addresses and 64 KiB pages that the code will run on has guard pages, so that accesses need no check.</summary>
    public bool GuardPages { get; init; }

    /// <summary>
    /// Whether the compiler steps the validator beside itself and compares the operands after each instruction. Changes nothing in the code; for tests, since
    /// it takes time for what validation and compilation have proved apart.
    /// </summary>
    public bool CheckOperands { get; init; }

    /// <summary>Is told the shape of each function, counted without the imported ones; for measurements.</summary>
    public Action<int, MethodShape>? Shapes { get; init; }

    /// <summary>Whether deadline and stack checks are left out, so that nothing can interrupt the code; to measure what they cost.</summary>
    public bool OmitsInterruption { get; init; }

    /// <summary>On how many threads functions are compiled. Default: one for each processor.</summary>
    public int MaxParallelism { get; init; } = Environment.ProcessorCount;
}
