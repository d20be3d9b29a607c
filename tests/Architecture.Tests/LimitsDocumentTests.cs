using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>docs/limits.md lists every limit with the default that the code has.</summary>
public sealed partial class LimitsDocumentTests
{
    private const string Source = "src/Host.Api/Features/Invocations/ExecutionLimits.cs";

    [Fact]
    public void Document_ListsEveryLimitWithItsDefault()
    {
        var documented = RowPattern().Matches(Repository.Read("docs/limits.md")).ToDictionary(row => row.Groups["name"].Value, row => row.Groups["value"].Value);
        var declared = PropertyPattern().Matches(Repository.Read(Source)).ToDictionary(
            property => property.Groups["name"].Value, property => Evaluate(property.Groups["value"].Value).ToString("N0", CultureInfo.InvariantCulture));

        Assert.NotEmpty(declared);
        Assert.Equal(declared.OrderBy(pair => pair.Key), documented.OrderBy(pair => pair.Key));
    }

    // A default is a number, or a number shifted: 512 << 10.
    private static long Evaluate(string expression)
    {
        var parts = expression.Replace("_", "", StringComparison.Ordinal).Split("<<");
        var number = long.Parse(parts[0], CultureInfo.InvariantCulture);
        return parts.Length == 1 ? number : number << int.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<value>[\d,]+)", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"public (?:int|long) (?<name>\w+) \{ get; init; \} = (?<value>[\d_]+(?: << \d+)?);")]
    private static partial Regex PropertyPattern();
}
