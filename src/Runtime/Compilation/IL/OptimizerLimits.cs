namespace HostService.Runtime.Compilation.IL;

/// <summary>The sizes beyond which RyuJIT compiles a method without optimisation.</summary>
/// <remarks>Constants of its release build: of the settings that a process can give it none is about them (docs/adr/0084). What counts as what is as RyuJIT counts it, in the IL before it is imported.</remarks>
internal static class OptimizerLimits
{
    public const int CodeBytes = 60_000;
    public const int Instructions = 20_000;
    public const int Blocks = 2_000;
    public const int Locals = 2_000;
    public const int LocalUses = 8_000;

    /// <summary>Which limits a method is over, itself counted once; nothing when it is optimised.</summary>
    public static OptimizerLimitCounts Exceeded(in MethodShape shape)
    {
        var (bytes, instructions, blocks) = (shape.CodeBytes > CodeBytes, shape.Instructions > Instructions, shape.Blocks > Blocks);
        var (locals, uses) = (shape.Locals + shape.Parameters > Locals, shape.Variables > LocalUses);
        return bytes || instructions || blocks || locals || uses
            ? new OptimizerLimitCounts(1, One(bytes), One(instructions), One(blocks), One(locals), One(uses))
            : default;
    }

    private static int One(bool isExceeded) => isExceeded ? 1 : 0;
}
