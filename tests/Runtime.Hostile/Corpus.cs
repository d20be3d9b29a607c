using HostService.Runtime.Hostile.Shapes;

namespace HostService.Runtime.Hostile;

/// <summary>All scenarios.</summary>
internal static class Corpus
{
    public static IReadOnlyList<Scenario> All { get; } =
        [.. LargeShapes.All, .. StructureTypes.All, .. LyingBinaries.All, .. CompilerTraps.All, .. Recursion.All, .. StackLimit.All, .. Endless.All, .. StraightLines.All, .. StraightLines.Frames, .. Growth.All, .. ConstantExpressions.All, .. WideInstructions.All];

    /// <summary>Both ways of keeping accesses inside memory.</summary>
    public static IReadOnlyList<BoundsChecks> Modes { get; } = [BoundsChecks.Automatic, BoundsChecks.Explicit];

    public static Scenario Find(string name) => All.Single(scenario => scenario.Name == name);
}
