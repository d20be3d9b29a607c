using Xunit;

namespace HostService.Host.Integration;

/// <summary>Each limit on what a guest may use.</summary>
public class LimitsTests(SmallHost host) : IClassFixture<SmallHost>
{
    private const string Grow = """
        (module (memory (export "memory") 1)
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        """;

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, -1)]
    public async Task Memory_BeyondItsLimit_DoesNotGrow(int pages, int expected)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Grow);
        var (_, answer) = await tenant.InvokeAsync("m", "grow", $$"""{"args":[{{pages}}]}""");

        Assert.Equal($"[{expected}]", answer.Results());
    }

    [Fact]
    public async Task Memory_OfTwoMemoriesTogether_IsRefused()
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary("""(module (memory 6) (memory 6) (func (export "f")))"""));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("MaxMemoryPages", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_BeyondItsLimit_IsRefused()
    {
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", Wat.Binary("""(module (table 1001 funcref) (func (export "f")))"""));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("MaxTableElements", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    // Each of these exports is six bytes of the binary and a thousand words of its description.
    [Fact]
    public async Task Interface_ThatTakesTooMuchToDescribe_IsRefused()
    {
        var tenant = await host.NewTenantAsync();
        var exports = string.Concat(Enumerable.Range(0, 600).Select(number => $"(export \"{number}\" (func $f))"));
        using var response = await tenant.PutAsync("m", Wat.Binary($"(module (func $f (param{string.Concat(Enumerable.Repeat(" i32", 1_000))})) {exports})"));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("600 exports and 0 imports", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("MaxInterfaceBytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wall_SleptAway_Answers504()
    {
        // poll_oneoff with one subscription to the clock, an hour from now: userdata 8, tag 1, id 4, timeout 8, precision 8, flags 2.
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 3600000000000))
                (drop (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200)))))
            """);
        var (status, problem) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(504, status);
        problem.AssertProblem(504, "deadline-exceeded");
        Assert.Equal("wall", problem.GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Wall_WaitedAwayForABody_EndsTheInvocation()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 100))
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)))))
            """);
        using var socket = await RawRequest.OpenAsync(host.Address);
        await socket.SendAsync($"POST /f/{tenant.Id}/m HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nContent-Length: 100\r\n\r\n");

        var answer = await socket.ReadUntilAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 504", answer, StringComparison.Ordinal);
        Assert.Contains("deadline-exceeded", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stack_UsedUp_Traps()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func $down (export "down") (param i64) (result i64) (i64.add (call $down (local.get 0)) (i64.const 1))))""");
        var (status, problem) = await tenant.InvokeAsync("m", "down", """{"args":[0]}""");

        Assert.Equal(500, status);
        Assert.Equal("call_stack_exhausted", problem.GetProperty("trap").GetProperty("code").GetString());
        Assert.True(problem.GetProperty("trap").GetProperty("truncatedFrames").GetInt32() > 100);
    }

    [Fact]
    public async Task Service_AfterAllOfThat_StillAnswers()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Spin);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.InvokeAsync("m", "spin", "{}")));
        await tenant.UploadAsync("add", Wat.Add);
        var (_, answer) = await tenant.InvokeAsync("add", "add", """{"args":[1,2]}""");

        Assert.Equal("[3]", answer.Results());
    }

    [Theory]
    [InlineData("HostService:Limits:MaxMemoryPages", "0")]
    [InlineData("HostService:Limits:CpuMilliseconds", "-1")]
    [InlineData("HostService:Limits:StackBytes", "1024")]
    [InlineData("HostService:Limits:MaxHeapBytes", "1024")]
    [InlineData("HostService:Limits:WallMilliseconds", "soon")]
    public async Task Setting_OutOfRange_StopsTheHostAtStart(string name, string value)
    {
        await using var wrong = new RunningHost(new Dictionary<string, string?> { [name] = value });

        var failure = await Record.ExceptionAsync(wrong.InitializeAsync);

        Assert.NotNull(failure);
        Assert.Contains(name.Split(':')[^1], failure.ToString(), StringComparison.Ordinal);
    }
}
