using CsCheck;
using HostService.Runtime.Fuzz.Differential;
using HostService.Runtime.Fuzz.Generation;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>This engine and Wasmtime agree on what modules do: on generated ones, and on all that they ever disagreed on.</summary>
public sealed class DifferentialTests
{
    private const int Seconds = 25;

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Findings.ExecutionFolder, "*.wasm").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void GeneratedModule_InBothEngines_GivesTheSameResultsTrapsMemoriesAndGlobals()
    {
        new ModuleGen(120).Sample(
            binary => Assert.Null(Differ.Compare(binary)), time: Seconds, threads: 1, print: binary => Findings.Save(Findings.ExecutionFolder, binary));

        // The comparison is worth something only while calls do both.
        var (returned, trapped) = Differ.Calls;
        Assert.InRange((double)returned / (returned + trapped), 0.3, 0.95);
        Assert.True(Differ.MisplacedCallers <= 1 + (Differ.Frames.Exact / 200), $"{Differ.MisplacedCallers} callers' frames were misplaced, {Differ.Frames} not.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EarlierFinding_InBothEngines_IsNoDifferenceAnyMore(string file) =>
        Assert.Null(Differ.CompareAllWays(File.ReadAllBytes(Path.Combine(Findings.ExecutionFolder, file))));
}
