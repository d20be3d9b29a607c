using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>The repository builds anywhere: no file names a folder of somebody's machine or the host of a package registry.</summary>
public sealed partial class TrackedTextTests
{
    public static TheoryData<string, bool> Cases => new()
    {
        { "see /" + "work/src", true },
        { "/" + "root/.config", true },
        { "/" + "home/alice/src", true },
        { "https://registry." + "npmjs.org/x", true },
        { "api." + "nuget.org", true },
        { "network/" + "work/done", false },
        { "GET /f/default/hello/world", false },
    };

    [Fact]
    public void Files_NameNoMachinePathAndNoRegistry()
    {
        // Latin-1 keeps every byte, so the strings inside a .wasm file are searched as well.
        var found =
            from file in Repository.Files
            from match in MachinePattern().Matches(File.ReadAllText(Repository.PathOf(file), Encoding.Latin1))
            select $"{file}: {match.Value}";

        Check.None(found);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MachinePattern_KnownText_IsJudgedRight(string text, bool expected) => Assert.Equal(expected, MachinePattern().IsMatch(text));

    // Spelled so that the pattern does not match its own source.
    [GeneratedRegex(@"(?<![\w./-])/(work|root|home/[a-z]\w+)/|registry\.np[m]js|api\.nu[g]et\.org|deb\.deb[i]an\.org")]
    private static partial Regex MachinePattern();
}
