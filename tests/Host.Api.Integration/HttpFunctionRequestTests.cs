using Xunit;

namespace HostService.Host.Integration;

/// <summary>What a function learns of the request that it answers.</summary>
[Collection(RunningHostCollection.Name)]
public class HttpFunctionRequestTests(RunningHost host)
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
        // Would be the same variable.
        request.Headers.Add("X_Custom_Header", "three");
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

    private static async Task<Dictionary<string, string>> VariablesAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
