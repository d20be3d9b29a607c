using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Conformance.Suites;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>The suites of the proposals that the engine has beyond WebAssembly 3.0: a test for each script, code and way of checking bounds.</summary>
public sealed class ProposalSuites
{
    // Written against WebAssembly 2.0: they take several memories for invalid, which 3.0 allows.
    private static readonly Dictionary<string, int[]> s_staleLines = new()
    {
        ["threads/imports/imports.json"] = [310, 314, 318, 405, 409, 413],
        ["threads/memory/memory.json"] = [14, 15],
    };

    private static readonly string[] s_suites = ["threads", "custom-page-sizes", "wide-arithmetic", "custom-sections", "legacy-exceptions"];

    public static TheoryData<string, ScriptCode, BoundsChecks> Run
    {
        get
        {
            var data = new TheoryData<string, ScriptCode, BoundsChecks>();
            foreach (var script in Scripts)
            {
                data.Add(script.Name, ScriptCode.Interpreted, BoundsChecks.Automatic);
                data.Add(script.Name, ScriptCode.HandedOver, BoundsChecks.Automatic);
                foreach (var code in new[] { ScriptCode.Optimized, ScriptCode.Baseline })
                {
                    data.Add(script.Name, code, BoundsChecks.Explicit);
                    data.Add(script.Name, code, BoundsChecks.Automatic);
                }
            }

            return data;
        }
    }

    private static Script[] Scripts { get; } = [.. s_suites.SelectMany(suite => Script.FindAll(Path.Combine(SuiteFolder.Proposals, suite)).Select(script => script with { Name = $"{suite}/{script.Name}" }))];

    [Fact]
    public void Suites_AreThere_Whole() => Assert.Equal(17, Scripts.Length);

    [Fact]
    public void CustomSections_OfValidModules_PassTheStrictCheckToo()
    {
        using var engine = new Engine(new EngineOptions { Features = Proposals.All });
        var modules = Scripts.Where(script => script.Name.StartsWith("custom-sections/", StringComparison.Ordinal)).SelectMany(script => script.Commands)
            .Where(command => command is { Type: "module", File.IsText: false }).ToList();

        Assert.Equal(8, modules.Count);
        Assert.All(modules, command => Module.ValidateCustomSections(engine, Running.Binary.Load(command.File!)));
    }

    [Theory]
    [MemberData(nameof(Run))]
    public void Script_EachCommand_Passes(string name, ScriptCode code, BoundsChecks boundsChecks)
    {
        var script = Scripts.Single(script => script.Name == name);
        var stale = s_staleLines.GetValueOrDefault(name, []);

        var result = ScriptRunner.Run(script, new ScriptOptions { Code = code, BoundsChecks = boundsChecks });

        var failures = result.Failures.Where(failure => !stale.Any(line => failure.StartsWith($"line {line}:", StringComparison.Ordinal))).ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} of {result.Passed + result.Failed} failed:\n{string.Join('\n', failures.Take(20))}");
        Assert.True(result.Failed == stale.Length, "A stale line passes: it is not stale any more.");
        Assert.True(result.Passed > 0, "The script has no command.");
    }
}
