using System.Net.Http.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Functions that answer HTTP themselves.</summary>
[Collection(RunningHostCollection.Name)]
public class HttpFunctionTests(RunningHost host)
{
    [Fact]
    public async Task Environment_OfARequest_IsCgi()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("env", Wat.Environment);
        using var request = new HttpRequestMessage(HttpMethod.Parse("PROPFIND"), $"/f/{tenant.Id}/env/a%20b/%C3%BC/c?x=1&y=%20z")
        {
            Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("image/png") } },
        };
        request.Headers.Add("X-Custom-Header", ["one", "two"]);
        request.Headers.Add("Proxy", "http://evil.example");
        request.Headers.Add("Cookie", "a=b");

        var variables = await VariablesAsync(tenant.Invoker, request);

        Assert.Equal("CGI/1.1", variables["GATEWAY_INTERFACE"]);
        Assert.Equal("HTTP/1.1", variables["SERVER_PROTOCOL"]);
        Assert.Equal(host.Address.Host, variables["SERVER_NAME"]);
        Assert.Equal($"{host.Address.Port}", variables["SERVER_PORT"]);
        Assert.Equal("PROPFIND", variables["REQUEST_METHOD"]);
        Assert.Equal($"/f/{tenant.Id}/env", variables["SCRIPT_NAME"]);
        Assert.Equal("/a b/ü/c", variables["PATH_INFO"]);
        Assert.Equal("x=1&y=%20z", variables["QUERY_STRING"]);
        Assert.Equal("image/png", variables["CONTENT_TYPE"]);
        Assert.Equal("3", variables["CONTENT_LENGTH"]);
        Assert.Equal("127.0.0.1", variables["REMOTE_ADDR"].Replace("::1", "127.0.0.1", StringComparison.Ordinal).Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Equal("one, two", variables["HTTP_X_CUSTOM_HEADER"]);
        Assert.Equal("a=b", variables["HTTP_COOKIE"]);
        // What authorises towards this service, and what would redirect a guest's own requests, stays outside.
        Assert.DoesNotContain("HTTP_AUTHORIZATION", variables.Keys);
        Assert.DoesNotContain("HTTP_X_HOSTSERVICE_TENANT", variables.Keys);
        Assert.DoesNotContain("HTTP_PROXY", variables.Keys);
        Assert.DoesNotContain(variables.Values, value => value.Contains(tenant.InvokerKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("/", "/")]
    [InlineData("/world", "/world")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%252Fb", "/a%2Fb")]
    [InlineData("/a//b/", "/a//b/")]
    public async Task PathInfo_IsTheRestDecoded(string path, string expected)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("env", Wat.Environment);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, $"/f/{tenant.Id}/env{path}"));

        Assert.Equal(expected, (await VariablesAsync(tenant.Invoker, request))["PATH_INFO"]);
    }

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

    [Fact]
    public async Task Key_IsNeededUntilTheModuleIsPublic()
    {
        var tenant = await host.NewTenantAsync();
        var other = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\nhi"));
        using var anonymous = host.Anonymous();
        using var @operator = host.Operator();
        var path = $"/f/{tenant.Id}/m";

        using (var response = await anonymous.GetAsync(path))
        {
            await response.ProblemAsync(401, "unauthorized");
        }

        using (var response = await anonymous.GetAsync($"/f/{tenant.Id}/absent"))
        {
            // The same, or names could be tried out.
            await response.ProblemAsync(401, "unauthorized");
        }

        using (var response = await other.Invoker.GetAsync(path))
        {
            await response.ProblemAsync(404, "module-not-found");
        }

        Assert.Equal("hi", await tenant.Invoker.GetStringAsync(path));
        Assert.Equal("hi", await @operator.GetStringAsync(path));
        using (var patched = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { @public = true }))
        {
            Assert.True((await patched.JsonAsync(200)).GetProperty("public").GetBoolean());
        }

        Assert.Equal("hi", await anonymous.GetStringAsync(path));
        using (var patched = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { @public = false }))
        {
            Assert.False((await patched.JsonAsync(200)).GetProperty("public").GetBoolean());
        }

        using (var response = await anonymous.GetAsync(path))
        {
            Assert.Equal(401, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Module_WithoutStart_Answers404()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/m");

        await response.ProblemAsync(404, "function-not-found");
    }

    [Fact]
    public async Task StandardError_GoesToTheLogWithItsModule()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("chatty", Wat.Print("Content-Type: text/plain\n\n", standardError: $"first of {tenant.Id}\nsecond \u001b[31m of {tenant.Id}"));
        using var response = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/chatty");

        var first = await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains($"first of {tenant.Id}", StringComparison.Ordinal));
        var second = await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains($"of {tenant.Id}", StringComparison.Ordinal) && entry != first);
        Assert.Equal($"\"{tenant.Id}\"", first.Properties["Tenant"].ToString());
        Assert.Equal("\"chatty\"", first.Properties["Module"].ToString());
        Assert.Contains("RequestId", first.Properties.Keys);
        Assert.DoesNotContain('\u001b', second.RenderMessage(null));
    }

    [Fact]
    public async Task Sample_OnTheFirstStart_AnswersWithoutAKey()
    {
        using var anonymous = host.Anonymous();

        Assert.Equal("Hello, world!\n", await anonymous.GetStringAsync("/f/default/hello/world"));
    }

    private static async Task<Dictionary<string, string>> VariablesAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
