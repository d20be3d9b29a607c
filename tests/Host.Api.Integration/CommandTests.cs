using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Calls of WASI commands with JSON.</summary>
[Collection(RunningHostCollection.Name)]
public class CommandTests(RunningHost host)
{
    [Fact]
    public async Task Start_PrintsBoth_AnswersThem()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("out\n", standardError: "error \"<é>\n".Replace("é", "\u00c3\u00a9", StringComparison.Ordinal)));
        var (status, answer) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(200, status);
        Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal("out\n", answer.GetProperty("stdout").GetString());
        Assert.Equal("error \"<é>\n", answer.GetProperty("stderr").GetString());
        Assert.Equal(["exitCode", "stdout", "stderr"], answer.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(77)]
    public async Task Start_Exits_Answers200WithTheCode(int code)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("before", $"(call $exit (i32.const {code}))"));
        var (status, answer) = await tenant.InvokeAsync("m", "_start", "");

        Assert.Equal(200, status);
        Assert.Equal(code, answer.GetProperty("exitCode").GetInt32());
        Assert.Equal("before", answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Start_PrintsWhatIsNoUtf8_AnswersBase64()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("\u00ff\u0000", standardError: "\u0080"));
        var (_, answer) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal([0xFF, 0], answer.GetProperty("stdoutBase64").GetBytesFromBase64());
        Assert.Equal([0x80], answer.GetProperty("stderrBase64").GetBytesFromBase64());
        Assert.Equal(["exitCode", "stdoutBase64", "stderrBase64"], answer.EnumerateObject().Select(member => member.Name));
    }

    // Longer than what is written at once, with characters that lie across the joints.
    [Fact]
    public async Task Start_PrintsMuch_AnswersAllOfIt()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 10)
              (data (i32.const 1024) "x\e2\82\ac")
              (func $print (param $to i32) (param $bytes i32)
                (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (local.get $bytes))
                (drop (call $write (local.get $to) (i32.const 0) (i32.const 1) (i32.const 32))))
              (func (export "_start") (local $i i32)
                (loop
                  (memory.copy (i32.add (i32.const 1025) (i32.mul (local.get $i) (i32.const 3))) (i32.const 1025) (i32.const 3))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if 0 (i32.lt_u (local.get $i) (i32.const 100000))))
                (call $print (i32.const 1) (i32.const 300001))
                (call $print (i32.const 2) (i32.const 300000))))
            """);
        var (status, answer) = await tenant.InvokeAsync("m", "_start", "{}");

        var text = "x" + new string('€', 100_000);
        Assert.Equal(200, status);
        Assert.Equal(text, answer.GetProperty("stdout").GetString());
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text)[..300_000], answer.GetProperty("stderrBase64").GetBytesFromBase64());
        Assert.Equal(["exitCode", "stdout", "stderrBase64"], answer.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Arguments_FollowTheModulesName()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("my-tool", Wat.Arguments);
        var (_, answer) = await tenant.InvokeAsync("my-tool", "_start", """{"args":["--flag","","zwei ö"]}""");

        Assert.Equal("my-tool\0--flag\0\0zwei ö\0", answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Environment_IsWhatWasGivenAndNothingElse()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Environment);
        var (_, answer) = await tenant.InvokeAsync("m", "_start", """{"env":{"A":"1","LANG":"de=DE"}}""");

        Assert.Equal("Content-Type: text/plain\n\nA=1\0LANG=de=DE\0", answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Input_IsRead()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Echo);
        var input = new string('x', 200_000) + "ü\u0001\"";
        var (_, answer) = await tenant.InvokeAsync("m", "_start", JsonSerializer.Serialize(new { stdin = input }));

        Assert.Equal("Content-Type: application/octet-stream\n\n" + input, answer.GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Root_IsEmptyAndWritableAndNewEachTime()
    {
        // Makes a directory in the one that is preopened, which works only when it is not there yet; the exit code is the error number.
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (data (i32.const 200) "sub")
              (func (export "_start")
                (drop (call $name (i32.const 3) (i32.const 100) (i32.const 1)))
                (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1))
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
                (call $exit (call $mkdir (i32.const 3) (i32.const 200) (i32.const 3)))))
            """);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (_, answer) = await tenant.InvokeAsync("m", "_start", "{}");
            Assert.Equal("/", answer.GetProperty("stdout").GetString());
            Assert.Equal(0, answer.GetProperty("exitCode").GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"args":[1]}""")]
    [InlineData("""{"args":"x"}""")]
    [InlineData("""{"args":["a\u0000b"]}""")]
    [InlineData("""{"args":["\ud800"]}""")]
    [InlineData("""{"stdin":7}""")]
    [InlineData("""{"env":[]}""")]
    [InlineData("""{"env":{"A":1}}""")]
    [InlineData("""{"env":{"A=B":"1"}}""")]
    [InlineData("""{"env":{"":"1"}}""")]
    [InlineData("""{"env":{"A":"\u0000"}}""")]
    [InlineData("""{"env":{"\ud800":"1"}}""")]
    [InlineData("""{"\ud800":[]}""")]
    public async Task Body_WithOtherTypes_Answers400(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Arguments);
        var (status, problem) = await tenant.InvokeAsync("m", "_start", body);

        Assert.Equal(400, status);
        problem.AssertProblem(400, "bad-arguments");
    }

    [Fact]
    public async Task Function_OtherThanStart_Answers404()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func (export "_start")) (func (export "other")))""");
        var (status, problem) = await tenant.InvokeAsync("m", "other", "{}");

        Assert.Equal(404, status);
        problem.AssertProblem(404, "function-not-found");
    }

    [Fact]
    public async Task Trap_AfterOutput_Answers500()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("some", "(call $crash)"));
        var (status, problem) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(500, status);
        Assert.Equal("crash", problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("function").GetString());
    }
}
