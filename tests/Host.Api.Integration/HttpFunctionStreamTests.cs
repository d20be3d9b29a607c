using Xunit;

namespace HostService.Host.Integration;

/// <summary>Bodies are streamed both ways, and a failure is answered as long as nothing was.</summary>
[Collection(RunningHostCollection.Name)]
public class HttpFunctionStreamTests(RunningHost host)
{
    [Fact]
    public async Task Body_GoesThroughBothWaysAsItIs()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        using var content = new ByteArrayContent(body);
        using var response = await tenant.Invoker.PostAsync($"/f/{tenant.Id}/echo", content);

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Body_IsStreamed_EachPieceIsAnsweredBeforeTheNextIsSent()
    {
        // HttpClient sends all of a body before it reads, so this is done by hand.
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        using var connection = await RawRequest.OpenAsync(host.Address);
        await connection.SendAsync($"POST /f/{tenant.Id}/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nTransfer-Encoding: chunked\r\n\r\n");
        var headers = await connection.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", headers, StringComparison.Ordinal);

        foreach (var piece in new[] { "first", "second", "third" })
        {
            await connection.SendAsync($"{piece.Length:x}\r\n{piece}\r\n");
            Assert.Equal($"{piece.Length:x}\r\n{piece}\r\n", await connection.ReadUntilAsync($"{piece}\r\n"));
        }

        await connection.SendAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await connection.ReadUntilAsync("0\r\n\r\n"));
    }

    [Fact]
    public async Task Trap_BeforeTheHeaders_Answers500()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n", "(call $crash)"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        var frame = (await response.ProblemAsync(500, "trap")).GetProperty("trap").GetProperty("frames")[0];
        Assert.Equal("crash", frame.GetProperty("function").GetString());
        Assert.Equal("m", frame.GetProperty("module").GetString());
    }

    [Fact]
    public async Task Exit_BeforeTheHeaders_Answers502WithTheCode()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n", "(call $exit (i32.const 3))"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        Assert.Equal(3, (await response.ProblemAsync(502, "function-failed")).GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("(call $crash)")]
    [InlineData("(call $exit (i32.const 3))")]
    public async Task Failure_AfterTheHeaders_AbortsTheConnection(string then)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\npart", then));

        await Assert.ThrowsAsync<HttpRequestException>(() => tenant.Invoker.GetStringAsync($"/f/{tenant.Id}/m"));
    }

    [Fact]
    public async Task Exit_WithZeroAfterTheResponse_IsSuccess()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\nwhole", "(call $exit (i32.const 0))"));

        Assert.Equal("whole", await tenant.Invoker.GetStringAsync($"/f/{tenant.Id}/m"));
    }
}
