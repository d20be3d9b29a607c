using System.Globalization;
using CsCheck;
using HostService.Runtime.Fuzz.Differential;
using HostService.Runtime.Fuzz.Generation;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>This engine and Wasmtime agree on what modules do: on generated ones, and on all that they ever disagreed on.</summary>
public sealed class DifferentialTests
{
    private const int Modules = 1000;

    // The same modules in every run, so that a test that passed passes again; the program is what looks for new ones.
    private const ulong DefaultSeed = 20;

    private static ulong Seed => Environment.GetEnvironmentVariable("WASM_FUZZ_SEED") is { } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : DefaultSeed;

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Findings.ExecutionFolder, "*.wasm").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void GeneratedModule_InBothEngines_GivesTheSameResultsTrapsMemoriesAndGlobals()
    {
        var generator = new ModuleGen(120);
        for (uint i = 0; i < Modules; i++)
        {
            var binary = generator.Generate(new PCG(i, Seed), null, out _);
            if (Differ.Compare(binary) is { } difference)
            {
                Assert.Fail($"Module {i} of seed {Seed}, kept as {Findings.Save(Findings.ExecutionFolder, binary)}: {difference}");
            }
        }

        // The comparison is worth something only while calls do both.
        var (returned, trapped) = Differ.Calls;
        Assert.InRange((double)returned / (returned + trapped), 0.3, 0.95);
        Assert.True(Differ.Pairs > Modules / 20, $"Only {Differ.Pairs} pairs were linked.");
        Assert.True(OurGuest.Continuations > Modules / 10, $"Only {OurGuest.Continuations} loops were handed over.");
        Assert.True(Differ.MisplacedCallers <= 1 + (Differ.Frames.Exact / 200), $"{Differ.MisplacedCallers} callers' frames were misplaced, {Differ.Frames} not.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EarlierFinding_InBothEngines_IsNoDifferenceAnyMore(string file) =>
        Assert.Null(Differ.CompareAllWays(File.ReadAllBytes(Path.Combine(Findings.ExecutionFolder, file))));
}
