using System.Globalization;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Fuzz.Validation;

public class MutationTests
{
    private static readonly int s_cases = Setting("WASM_FUZZ_CASES", 20_000);
    private static readonly int s_seed = Setting("WASM_FUZZ_SEED", 1);

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(CasesFolder, "*.wasm").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string CasesFolder => Path.Combine(AppContext.BaseDirectory, "cases");

    [Fact]
    public void Validate_DamagedBinary_AgreesWithWasmtime() => Run(WasmFeatures.None, s_cases, "core");

    [Fact]
    public void Validate_DamagedBinaryOfProposals_AgreesWithWasmtime() =>
        Run(
            WasmFeatures.Threads | WasmFeatures.WideArithmetic | WasmFeatures.CustomPageSizes, s_cases / 4, "proposals/threads", "proposals/wide-arithmetic", "proposals/custom-page-sizes");

    [Fact]
    public void Validate_RandomInstructions_AgreesWithWasmtime()
    {
        using var verdicts = new Verdicts(WasmFeatures.None);
        var generator = new BodyGenerator(s_seed, binary => verdicts.Ours(binary) is null);
        var binaries = Enumerable.Range(0, s_cases / 4).Select(_ => generator.Next()).ToArray();
        var findings = binaries.Select(verdicts.Compare).OfType<string>().Take(10).ToArray();
        Assert.True(findings.Length == 0, string.Join('\n', findings));

        // The comparison is worth something only while both verdicts occur.
        Assert.InRange(binaries.Take(1_000).Count(binary => verdicts.Ours(binary) is null), 200, 800);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Validate_EarlierFinding_AgreesWithWasmtime(string file)
    {
        using var verdicts = new Verdicts(WasmFeatures.None);
        Assert.Null(verdicts.Compare(File.ReadAllBytes(Path.Combine(CasesFolder, file))));
    }

    [Fact]
    public void Validate_EveryPrefixOfABinary_IsAcceptedOrRefused()
    {
        // Cutting a binary off anywhere is the commonest damage of all: a transfer that broke.
        using var verdicts = new Verdicts(WasmFeatures.None);
        foreach (var binary in Corpus.Load("core").Where((_, index) => index % 20 == 0))
        {
            for (var length = 0; length < binary.Length; length++)
            {
                var verdict = verdicts.Ours(binary[..length]);
                Assert.True(verdict is null or WasmException, $"{Convert.ToHexString(binary[..length])}: {verdict}");
            }
        }
    }

    private static void Run(WasmFeatures features, int cases, params string[] suites)
    {
        using var verdicts = new Verdicts(features);
        var mutator = new Mutator(Corpus.Load(suites), s_seed);
        var findings = Enumerable.Range(0, cases).Select(_ => verdicts.Compare(mutator.Next())).OfType<string>().Take(10).ToArray();
        Assert.True(findings.Length == 0, string.Join('\n', findings));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
