using CsCheck;
using HostService.Runtime.Fuzz.Differential.V8;
using HostService.Runtime.Fuzz.Generation;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>This engine, in each way that it runs code, and V8 agree on modules with exceptions in their first form: on generated ones, and on all that they ever disagreed on.</summary>
public sealed class LegacyTests
{
    private const int Modules = 60;
    private const ulong Seed = 20;

    [V8Fact]
    public void GeneratedModule_HereAndInV8_GivesTheSameResultsTrapsMemoriesAndGlobals()
    {
        var generator = new LegacyModuleGen(120);
        var differences = LegacyDiffer.Compare([.. Enumerable.Range(0, Modules).Select(i => generator.Generate(new PCG((uint)i, Seed), null, out _))]);
        Assert.True(differences.Count == 0, string.Join("\n", differences.Select(found => $"{Findings.Save(Findings.LegacyFolder, found.Binary)}: {found.Difference}")));
    }

    [V8Fact]
    public void EarlierFindings_HereAndInV8_AreNoDifferencesAnyMore()
    {
        var files = Directory.Exists(Findings.LegacyFolder) ? Directory.GetFiles(Findings.LegacyFolder, "*.wasm") : [];
        Assert.Equal([], LegacyDiffer.Compare([.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]).Select(found => found.Difference));
    }
}
