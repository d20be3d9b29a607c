using Serilog.Events;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What becomes of the headers that a function writes.</summary>
[Collection(RunningHostCollection.Name)]
public class HttpFunctionResponseTests(RunningHost host)
{
    [Fact]
    public async Task Response_StatusAndHeaders_AreTheGuests()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print(
            "Status: 418 I'm a teapot\r\nContent-Type: text/x-tea\r\nX-One: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Raw: \u00fc\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nbody"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("text/x-tea", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("1", response.Headers.GetValues("X-One").Single());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.True(response.Headers.Contains("X-Raw"));
        Assert.False(response.Headers.ConnectionClose ?? false);
        Assert.Equal("body", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Location: https://example.org/x\n\n", 302)]
    [InlineData("Status: 301\nLocation: /elsewhere\n\n", 301)]
    [InlineData("Location: /elsewhere\nStatus: 201 Created\n\n", 201)]
    public async Task Response_Location_Redirects(string output, int status)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print(output));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotNull(response.Headers.Location);
    }

    [Theory]
    [InlineData("no header at all\n\nbody")]
    [InlineData("Content-Type: text/plain\nBad Name: x\n\n")]
    [InlineData("Content-Type: text/plain\n: x\n\n")]
    [InlineData("X: a\rInjected: b\n\n")]
    [InlineData("X: a\0b\n\n")]
    [InlineData("Status: 99\n\n")]
    [InlineData("Status: 600\n\n")]
    [InlineData("Status: 100\n\n")]
    [InlineData("Status: abc\n\n")]
    [InlineData("Content-Length: 1\nContent-Length: 2\n\n")]
    [InlineData("Content-Length: -1\n\n")]
    [InlineData("Content-Type: text/plain\n")]
    [InlineData("")]
    public async Task Response_ThatIsNone_Answers502(string output)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print(output));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        await response.ProblemAsync(502, "bad-function-response");
    }

    [Fact]
    public async Task Response_WithHeadersBeyondAllMeasure_Answers502()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("X: " + new string('x', 40_000) + "\n\n"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        await response.ProblemAsync(502, "bad-function-response");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task Response_StatusWithoutBody_HasNone(int status)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print($"Status: {status}\nContent-Length: 4\n\nbody"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("Content-Length: 10\n\nbody", "6 bytes shorter than its Content-Length")]
    [InlineData("Content-Length: 1\n\nbody", "longer than its Content-Length")]
    public async Task Response_OfAnotherLengthThanItSays_BreaksOffAndIsTheGuestsFault(string output, string reason)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print(output));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => tenant.Invoker.GetStringAsync($"/f/{tenant.Id}/m"));
        var logged = await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains(reason, StringComparison.Ordinal) && entry.Properties.GetValueOrDefault("Tenant")?.ToString() == $"\"{tenant.Id}\"");
        // A line for whoever wrote the function, and no trace through the host.
        Assert.Equal((LogEventLevel.Warning, null), (logged.Level, logged.Exception));
        Assert.DoesNotContain(host.Log.Events, entry => entry.Level >= LogEventLevel.Error && entry.RenderMessage(null).Contains("unhandled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Head_Request_MayHaveTheLengthOfTheBodyThatIsLeftOut()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\nContent-Length: 1000\n\n"));
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/f/{tenant.Id}/m");
        using var response = await tenant.Invoker.SendAsync(request);

        Assert.Equal((200, 1000L), ((int)response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Head_Request_HasHeadersAndNoBody()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\nX-One: 1\n\nbody"));
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/f/{tenant.Id}/m");
        using var response = await tenant.Invoker.SendAsync(request);

        Assert.Equal("1", response.Headers.GetValues("X-One").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }
}
