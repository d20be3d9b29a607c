using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Syntax;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>The generators of modules know the instruction table, and docs/fuzzing.md says how well.</summary>
public sealed class CoverageTests
{
    private const string Begin = "<!-- coverage -->\n";
    private const string End = "<!-- /coverage -->";

    [Fact]
    public void Generators_WriteEveryInstruction()
    {
        var found = Coverage.Measure();
        var missing = InstructionTable.Rows.Where(row => !found.Contains(row.Op)).Select(row => row.Text);
        Assert.Equal([], missing);

        // UPDATE_GOLDEN=1 writes the table.
        var file = Repository.PathOf("docs", "fuzzing.md");
        var text = File.ReadAllText(file);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text[..start] + Coverage.Table(found) + text[end..]);
        }
        else
        {
            Assert.Equal(Coverage.Table(found), text[start..end]);
        }
    }
}
