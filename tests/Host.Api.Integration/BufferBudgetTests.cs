using Xunit;

namespace HostService.Host.Integration;

/// <summary>Bodies and outputs that the service holds have a limit together: many clients that are slow to finish don't take its memory.</summary>
public sealed class BufferBudgetTests(BufferBudgetTests.Host host) : IClassFixture<BufferBudgetTests.Host>
{
    private const int MaxBodyBytes = 1 << 20;

    // Prints as many bytes as the first argument has.
    private const string Print = """
        (module
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 20)
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (i32.store (i32.const 8) (i32.const 1024)) (i32.store (i32.const 12) (i32.load (i32.const 4)))
            (memory.fill (i32.const 1024) (i32.const 97) (i32.load (i32.const 4)))
            (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
        """;

    [Fact]
    public async Task Bodies_ThatTakeAllThereIs_LeaveNoRoomForOthersUntilTheyAreOver()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print);
        var text = $$"""{"args":["{{new string('x', MaxBodyBytes - 100)}}"]}""";
        using (await BeginAsync(tenant, "m"))
        using (await BeginAsync(tenant, "m"))
        {
            // Short ones are none of it.
            Assert.Equal(200, (await tenant.InvokeAsync("m", "_start", "{}")).Status);
            await EventuallyAsync(async () => (await tenant.InvokeAsync("m", "_start", text)) is (429, var problem)
                && problem.GetProperty("detail").GetString()!.Contains("MaxBufferedBytes", StringComparison.Ordinal));
        }

        await EventuallyAsync(async () => (await tenant.InvokeAsync("m", "_start", text)).Status == 200);
    }

    [Fact]
    public async Task Output_WithoutRoom_EndsTheGuest()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print);
        var text = $$"""{"args":["{{new string('x', MaxBodyBytes / 2)}}"]}""";
        using (await BeginAsync(tenant, "m"))
        using (await BeginAsync(tenant, "m", MaxBodyBytes / 3))
        {
            await EventuallyAsync(async () => (await tenant.InvokeAsync("m", "_start", text)) is (500, var problem)
                && problem.GetProperty("type").GetString()!.EndsWith("resource-exhausted", StringComparison.Ordinal));
        }

        await EventuallyAsync(async () => (await tenant.InvokeAsync("m", "_start", text)) is (200, var answer) && answer.GetProperty("stdout").GetString()!.Length > MaxBodyBytes / 2);
    }

    [Fact]
    public async Task Arguments_MoreThanAProgramTakes_Answer400()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Print);
        var (status, problem) = await tenant.InvokeAsync("m", "_start", $$"""{"env":{"a":""},"args":[{{string.Join(',', Enumerable.Repeat("\"\"", 65_536))}}]}""");

        Assert.Equal(400, status);
        Assert.Contains("more than 65536 texts together", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    // A request whose body lacks its last bytes.
    private async Task<RawRequest> BeginAsync(TestTenant tenant, string module, int bytes = MaxBodyBytes - 100)
    {
        var request = await RawRequest.OpenAsync(host.Address);
        await request.SendAsync(
            $"POST /v1/modules/{module}/invoke/_start HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nContent-Length: {bytes + 50}\r\n\r\n" + $$"""{"stdin":"{{new string('y', bytes)}}""");
        return request;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var clock = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock.Token);
        }
    }

    /// <summary>A host that has room for two bodies.</summary>
    public sealed class Host() : RunningHost(new Dictionary<string, string?>
    {
        ["HostService:Limits:MaxRequestBytes"] = $"{MaxBodyBytes}",
        ["HostService:Limits:MaxOutputBytes"] = $"{MaxBodyBytes}",
        ["HostService:Limits:MaxBufferedBytes"] = $"{2 * MaxBodyBytes}",
    });
}
