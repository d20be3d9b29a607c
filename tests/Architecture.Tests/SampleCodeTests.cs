using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>The C# that the documents show is that of the samples, which are built and run.</summary>
public sealed partial class SampleCodeTests
{
    [Theory]
    [InlineData("docs/embedding.md", "samples/embedding")]
    [InlineData("docs/testing.md", "samples/integration-tests")]
    public void Code_OfTheDocument_IsOfTheSample(string document, string sample)
    {
        var sources = Repository.Sources(sample).Select(Repository.Read).ToList();
        var shown = BlockPattern().Matches(Repository.Read(document)).Select(block => block.Groups["code"].Value).ToList();

        Assert.NotEmpty(shown);
        Check.None(shown.Where(code => !sources.Exists(source => source.Contains(code, StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();
}
