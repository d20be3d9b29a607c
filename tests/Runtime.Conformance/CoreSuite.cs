using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Conformance.Suites;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>The core suite as tests: one for each script, on both codes with both ways of checking bounds, and interpreted.</summary>
public sealed class CoreSuite
{
    public static TheoryData<string> Run => [.. Entries.Where(entry => Exclusions.For(entry) is null).Select(entry => entry.Name)];

    public static TheoryData<string> All => [.. Entries.Select(entry => entry.Name)];

    private static IReadOnlyList<ManifestEntry> Entries { get; } = Manifest.Read(SuiteFolder.Core);

    [Fact]
    public void Suite_IsThere_Whole() => Assert.True(
        Entries.Count == 258, $"Expected the 258 scripts of the core suite in {SuiteFolder.Core}, found {Entries.Count}. Set WASM_SUITES to the folder that holds the suites.");

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_OnOptimisedCode_Passes(string name) => Check(Entry(name), new ScriptOptions());

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_OnOptimisedCodeWithExplicitChecks_Passes(string name) => Check(Entry(name), new ScriptOptions { BoundsChecks = BoundsChecks.Explicit });

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_OnBaselineCode_Passes(string name) => Check(Entry(name), new ScriptOptions { Code = ScriptCode.Baseline });

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_OnBaselineCodeWithExplicitChecks_Passes(string name) =>
        Check(Entry(name), new ScriptOptions { Code = ScriptCode.Baseline, BoundsChecks = BoundsChecks.Explicit });

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_Interpreted_Passes(string name) => Check(Entry(name), new ScriptOptions { Code = ScriptCode.Interpreted });

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_HandedOverAtOnce_Passes(string name) => Check(Entry(name), new ScriptOptions { Code = ScriptCode.HandedOver });

    [Theory]
    [MemberData(nameof(All))]
    public void Script_EachModule_IsJudgedRightByValidation(string name) => Check(Entry(name), new ScriptOptions { ValidateOnly = true });

    [Fact]
    public void Exclusions_OneScriptOfEach_StillFails() => Assert.All(Exclusions.All, exclusion =>
    {
        var covered = Entries.Where(exclusion.Covers).ToList();

        Assert.NotEmpty(covered);
        Assert.True(
            covered.Any(entry => ScriptRunner.Run(Load(entry), new ScriptOptions()).Failed > 0),
            $"Every script that {exclusion} covers passes: take the line out of exclusions.txt.");
    });

    private static void Check(ManifestEntry entry, ScriptOptions options)
    {
        var result = ScriptRunner.Run(Load(entry), options);

        Assert.True(result.Failed == 0, $"{result.Failed} of {result.Passed + result.Failed} failed:\n{string.Join('\n', result.Failures.Take(20))}");
        Assert.True(options.ValidateOnly || result.Passed + result.Skipped > 0, "The script has no command.");
    }

    private static ManifestEntry Entry(string name) => Entries.Single(entry => entry.Name == name);

    private static Script Load(ManifestEntry entry) =>
        Script.TryLoad(SuiteFolder.Core, entry.Path) ?? throw new InvalidDataException($"{entry.Path} is no script.");
}
