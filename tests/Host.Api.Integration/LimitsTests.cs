using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host with limits that are quickly reached.</summary>
public sealed class SmallHost : RunningHost
{
    public const int MaxHeapBytes = 1 << 20;
    public const int MaxOutputBytes = 10_000;
    public const int MaxRequestBytes = 20_000;
    public const int MaxModuleBytes = 30_000;

    public SmallHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:Limits:MaxMemoryPages"] = "10",
            ["HostService:Limits:MaxTableElements"] = "1000",
            ["HostService:Limits:MaxHeapBytes"] = $"{MaxHeapBytes}",
            ["HostService:Limits:CpuMilliseconds"] = "100",
            ["HostService:Limits:WallMilliseconds"] = "6000",
            ["HostService:Limits:StackBytes"] = "65536",
            ["HostService:Limits:MaxOutputBytes"] = $"{MaxOutputBytes}",
            ["HostService:Limits:MaxRequestBytes"] = $"{MaxRequestBytes}",
            ["HostService:Limits:MaxModuleBytes"] = $"{MaxModuleBytes}",
            ["HostService:Limits:MaxLogBytes"] = "100",
        })
    {
    }
}

/// <summary>Each limit on one invocation, one request, one upload.</summary>
public class LimitsTests(SmallHost host) : IClassFixture<SmallHost>
{
    private const string Grow = """
        (module (memory (export "memory") 1)
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        """;

    private const string Print10000 = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 2)
          (data (i32.const 100) "X: y\n\n")
          (func $print (param $from i32) (param $length i32)
            (i32.store (i32.const 0) (local.get $from)) (i32.store (i32.const 4) (local.get $length))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))
          (func (export "_start")
            (call $print (i32.const 100) (i32.const 6))
            (call $print (i32.const 1000) (i32.const 9994))
            MORE))
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

    [Theory]
    // A list of structures that are all reachable, and an array that is too large by itself.
    [InlineData("(loop $again (global.set $list (struct.new $cell (global.get $list) (i64.const 1))) (br $again))")]
    [InlineData("(drop (array.new_default $bytes (i32.const 2000000)))")]
    public async Task Heap_UsedUp_Traps(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""
            (module
              (type $cell (struct (field (ref null $cell)) (field i64)))
              (type $bytes (array i8))
              (global $list (mut (ref null $cell)) (ref.null $cell))
              (func $fill (export "fill") {{body}}))
            """);
        var (_, problem) = await tenant.InvokeAsync("m", "fill", "{}");

        problem.AssertProblem(500, "trap");
        Assert.Equal("allocation_too_large", problem.GetProperty("trap").GetProperty("code").GetString());
        Assert.Equal("fill", problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("function").GetString());
        Assert.Contains("HostService__Limits__MaxHeapBytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heap_AllocatedAndDroppedManyTimesOver_IsNotUsedUp()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (type $bytes (array i8))
              (func (export "drop") (local $left i32)
                (local.set $left (i32.const 500))
                (loop $again
                  (drop (array.new_default $bytes (i32.const 20000)))
                  (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
            """);
        var (status, answer) = await tenant.InvokeAsync("m", "drop", "{}");

        Assert.True(status == 200, answer.GetRawText());
    }

    [Theory]
    [InlineData("(loop $again (br $again))")]
    [InlineData("(call $recurse)")]
    [InlineData("(loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again))")]
    public async Task Cpu_UsedUp_Answers504(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""(module (memory 1) (func $recurse (return_call $recurse)) (func (export "f") {{body}}))""");
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(504, status);
        problem.AssertProblem(504, "deadline-exceeded");
        Assert.Equal("cpu", problem.GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Cpu_UsedUpInTheStartFunction_Answers504()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func $spin (loop $again (br $again))) (start $spin) (func (export "f")))""");
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(504, status);
        problem.AssertProblem(504, "deadline-exceeded");
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
    public async Task Output_AsMuchAsAllowed_IsAnswered()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print10000.Replace("MORE", "", StringComparison.Ordinal));
        var (_, answer) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(SmallHost.MaxOutputBytes, answer.GetProperty("stdout").GetString()!.Length);
        Assert.Equal(SmallHost.MaxOutputBytes - 6, (await tenant.Invoker.GetByteArrayAsync($"/f/{tenant.Id}/m")).Length);
    }

    [Fact]
    public async Task Output_OneByteMore_Answers502OrAborts()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print10000.Replace("MORE", "(call $print (i32.const 0) (i32.const 1))", StringComparison.Ordinal));
        var (status, problem) = await tenant.InvokeAsync("m", "_start", "{}");

        Assert.Equal(502, status);
        problem.AssertProblem(502, "output-too-large");
        await Assert.ThrowsAsync<HttpRequestException>(() => tenant.Invoker.GetByteArrayAsync($"/f/{tenant.Id}/m"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_TooLarge_Answers413(bool withLength)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("id", Wat.Identity);
        await tenant.UploadAsync("echo", """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (loop $again
                  (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1000))
                  (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)))
                  (br_if $again (i32.load (i32.const 32))))))
            """);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/v1/modules/id/invoke/none"), (HttpMethod.Post, $"/f/{tenant.Id}/echo"), (HttpMethod.Patch, "/v1/modules/id") })
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Content = new StringContent("{}" + new string(' ', SmallHost.MaxRequestBytes), null, "application/json"),
                Headers = { TransferEncodingChunked = !withLength },
            };
            using var response = await tenant.Deployer.SendAsync(request);

            var problem = await response.ProblemAsync(413, "request-too-large");
            Assert.Contains($"{SmallHost.MaxRequestBytes} bytes (HostService__Limits__MaxRequestBytes)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Module_TooLarge_Answers413(bool withLength)
    {
        var tenant = await host.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/modules/m")
        {
            Content = new ByteArrayContent(new byte[SmallHost.MaxModuleBytes + 1]),
            Headers = { TransferEncodingChunked = !withLength },
        };
        using var response = await tenant.Deployer.SendAsync(request);

        var problem = await response.ProblemAsync(413, "module-too-large");
        Assert.Contains($"{SmallHost.MaxModuleBytes} bytes (HostService__Limits__MaxModuleBytes)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "incoming")));
    }

    [Fact]
    public async Task Module_LargerThanARequestMayBe_IsTaken()
    {
        // A custom section makes it as long as wanted.
        var padding = new string('x', SmallHost.MaxRequestBytes);
        var binary = Wat.Binary($$"""(module (func (export "f")) (@custom "padding" "{{padding}}"))""");
        Assert.InRange(binary.Length, SmallHost.MaxRequestBytes, SmallHost.MaxModuleBytes);
        var tenant = await host.NewTenantAsync();
        using var response = await tenant.PutAsync("m", binary);

        Assert.Equal(201, (int)response.StatusCode);
    }

    [Fact]
    public async Task Log_OfAGuestThatWritesTooMuch_IsCut()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("X: y\n\n", standardError: new string('e', 90) + "\n" + new string('f', 500)));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains("more than 100 bytes", StringComparison.Ordinal));
        Assert.DoesNotContain(new string('f', 11), host.Log.Everything(), StringComparison.Ordinal);
        Assert.Contains(new string('f', 10), host.Log.Everything(), StringComparison.Ordinal);
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
