namespace HostService.Runtime;

/// <summary>What a module holds at one moment, in bytes, and what its code is. Machine code is the CLR's and is not counted here: it belongs to the process.</summary>
/// <param name="BinaryBytes">The WebAssembly binary, which data segments, names and re-reading of instructions use.</param>
/// <param name="ImageBytes">The image of IL that is kept, to load the second code from it and to store it.</param>
/// <param name="LoadedImageBytes">The copies of the image that the CLR holds: one for each code that new instances could still get.</param>
/// <param name="AddressMapBytes">What translates places in the code to places in the binary.</param>
/// <param name="InterpreterBytes">Native memory of what interpreting it needs: at most 64 MiB, and 32 bytes for each function; 0 where nothing is interpreted, or not any more.</param>
/// <param name="MachineCodeIsOptimized">Whether new instances get optimised code.</param>
/// <param name="OverOptimizerLimits">How many functions stay unoptimised in that code too, because they are too large for the CLR's optimiser.</param>
public readonly record struct ModuleStatistics(
    long BinaryBytes, long ImageBytes, long LoadedImageBytes, long AddressMapBytes, long InterpreterBytes, bool MachineCodeIsOptimized,
    OptimizerLimitCounts OverOptimizerLimits);
