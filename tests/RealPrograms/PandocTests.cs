using System.Text.Json;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>A Haskell program of 58 MB with 619,906 functions, which uses the first form of exceptions.</summary>
[Collection(RunningServiceCollection.Name)]
public class PandocTests(RunningService service)
{
    private const string Markdown = """
        # On sandboxes

        Every request gets a *fresh* one, see [the design](design.html).

        - nothing is left over
        - `nothing` is shared

        | what  | how long |
        |-------|---------:|
        | store | 1 µs     |
        """;

    private static readonly string[] s_toHtml = ["--from=markdown", "--to=html"];

    [Fact]
    public async Task Convert_MarkdownOnStdin_AnswersHtml()
    {
        var details = await service.Client.UploadAsync("pandoc", Programs.Pandoc());
        Assert.Equal("wasi-command", details.GetProperty("abi").GetString());
        Assert.Equal(619_906, Functions(details));

        var answer = await service.Client.InvokeAsync("pandoc", "_start", new { args = s_toHtml, stdin = Markdown });

        Assert.Equal("", answer.GetProperty("stderr").GetString());
        Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal(
            """
            <h1 id="on-sandboxes">On sandboxes</h1>
            <p>Every request gets a <em>fresh</em> one, see <a
            href="design.html">the design</a>.</p>
            <ul>
            <li>nothing is left over</li>
            <li><code>nothing</code> is shared</li>
            </ul>
            <table>
            <thead>
            <tr>
            <th>what</th>
            <th style="text-align: right;">how long</th>
            </tr>
            </thead>
            <tbody>
            <tr>
            <td>store</td>
            <td style="text-align: right;">1 µs</td>
            </tr>
            </tbody>
            </table>

            """,
            answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Convert_UnknownFormat_AnswersItsExitCodeAndMessage()
    {
        // An exception in Haskell, thrown and caught across WebAssembly's.
        await service.Client.UploadAsync("pandoc", Programs.Pandoc());

        var answer = await service.Client.InvokeAsync("pandoc", "_start", new { args = new[] { "--to=runes" }, stdin = "x" });

        Assert.Equal((22, ""), (answer.GetProperty("exitCode").GetInt32(), answer.GetProperty("stdout").GetString()));
        Assert.Contains("Unknown output format 'runes'", answer.GetProperty("stderr").GetString(), StringComparison.Ordinal);
    }

    // Those that are imported are not optimised, one with a very large frame counts twice.
    private static int Functions(JsonElement details) => details.GetProperty("code").GetProperty("optimization").GetProperty("functions").GetInt32();
}
