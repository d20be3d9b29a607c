using System.Text.Json;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>A large Go program, uploaded over REST, that reads TypeScript from stdin.</summary>
[Collection(RunningServiceCollection.Name)]
public class EsbuildTests(RunningService service)
{
    private const string TypeScript = """
        interface Greeting { readonly text: string; readonly to?: string }
        enum Colour { Red = 1, Green }
        const greet = (name: string): Greeting => ({ text: `Hello, ${name}!`, to: name });
        console.log(greet("world") as unknown, Colour.Green satisfies number);
        """;

    [Fact]
    public async Task Minify_TypeScriptOnStdin_AnswersShortJavaScript()
    {
        var details = await service.Client.UploadAsync("esbuild", Programs.Esbuild());
        Assert.Equal("wasi-command", details.GetProperty("abi").GetString());

        var answer = await service.Client.InvokeAsync("esbuild", "_start", new { args = new[] { "--loader=ts", "--minify" }, stdin = TypeScript });

        Assert.Equal("", answer.GetProperty("stderr").GetString());
        Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal(
            """var Colour=(e=>(e[e.Red=1]="Red",e[e.Green=2]="Green",e))(Colour||{});const greet=n=>({text:`Hello, ${n}!`,to:n});console.log(greet("world"),2);""" + "\n",
            answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Minify_SyntaxError_AnswersItsExitCodeAndMessage()
    {
        await service.Client.UploadAsync("esbuild", Programs.Esbuild());

        var answer = await service.Client.InvokeAsync("esbuild", "_start", new { args = new[] { "--loader=ts", "--log-limit=1" }, stdin = "const = 1;" });

        Assert.Equal(1, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal(
            """
            ✘ [ERROR] Expected identifier but found "="

                <stdin>:1:6:
                  1 │ const = 1;
                    ╵       ^

            1 error

            """,
            Text(answer, "stderr"));
    }

    [Fact]
    public async Task Invocations_OneAfterAnother_DoNotSeeEachOther()
    {
        await service.Client.UploadAsync("esbuild", Programs.Esbuild());

        foreach (var number in Enumerable.Range(1, 3))
        {
            var answer = await service.Client.InvokeAsync("esbuild", "_start", new { args = new[] { "--loader=ts" }, stdin = $"let n: number = {number};" });
            Assert.Equal($"let n = {number};\n", Text(answer, "stdout"));
        }
    }

    private static string Text(JsonElement answer, string member) => answer.GetProperty(member).GetString()!;
}
