namespace HostService.Runtime;

/// <summary>
/// How many functions of a module are so large that the CLR's compiler does not optimise them, whatever it is asked for: their code stays as slow as baseline code. The limits are constants of the CLR
/// (.NET 10), counted in the intermediate code that the engine makes, some three instructions for each of WebAssembly's.
/// </summary>
/// <remarks>A function may be over several limits, so the counts by limit add up to more than <paramref name="Functions"/>. docs/adr/0084 has what was tried to make them fewer.</remarks>
/// <param name="Functions">Functions that are over at least one of them.</param>
/// <param name="CodeBytes">Those of more than 60,000 bytes.</param>
/// <param name="Instructions">Those of more than 20,000 instructions.</param>
/// <param name="Blocks">Those of more than 2,000 basic blocks.</param>
/// <param name="Locals">Those of more than 2,000 locals and parameters.</param>
/// <param name="LocalUses">Those that read, write or point to locals and parameters in more than 8,000 places.</param>
public readonly record struct OptimizerLimitCounts(int Functions, int CodeBytes, int Instructions, int Blocks, int Locals, int LocalUses)
{
    /// <summary>These functions and others.</summary>
    internal OptimizerLimitCounts Plus(in OptimizerLimitCounts other) => new(
        Functions + other.Functions, CodeBytes + other.CodeBytes, Instructions + other.Instructions,
        Blocks + other.Blocks, Locals + other.Locals, LocalUses + other.LocalUses);
}
