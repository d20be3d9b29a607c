namespace HostService.Runtime;

/// <summary>Which machine code a module's functions get. Either is made of a function when it is first called, if it was not made before.</summary>
public enum CompilationStrategy
{
    /// <summary>Optimised code. A first call waits for the optimiser: about a microsecond for each byte of the function. The default.</summary>
    Optimized,

    /// <summary>Code that is made quickly, about a tenth of the time, and runs at about half the speed.</summary>
    Baseline,

    /// <summary>
    /// Baseline code at once, while background threads optimise all functions; instances made after that get the optimised code. Instances that exist keep
    /// what they have. See <see cref="Module.Optimization"/>.
    /// </summary>
    Tiered,

    /// <summary>
    /// No machine code at all for functions that use numbers only, as those of C, C++, Rust and Go programs do: they are translated when first called, in some nanoseconds for each byte, and interpreted, at about a tenth of the
    /// speed of optimised code. Functions that use references, vectors, exceptions, atomics or tail calls get baseline code.
    /// </summary>
    Interpreted,
}
