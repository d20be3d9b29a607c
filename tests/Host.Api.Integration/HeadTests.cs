using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>HEAD is GET without the content (RFC 9110, section 9.3.2).</summary>
[Collection(RunningHostCollection.Name)]
public class HeadTests(RunningHost host)
{
    // What differs from one request to the next, and what a server may leave out because only making the content would tell.
    private static readonly string[] s_ofOneAnswer = ["Date", "Transfer-Encoding", "Content-Length"];

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/v1/modules", 200)]
    [InlineData("/v1/modules/m", 200)]
    [InlineData("/v1/modules/absent", 404)]
    [InlineData("/v1/profiles", 200)]
    [InlineData("/v1/profiles/absent", 404)]
    [InlineData("/v1/core-dumps", 200)]
    [InlineData("/v1/core-dumps/absent", 404)]
    [InlineData("/absent", 404)]
    [InlineData("/v1/modules/m/prepare", 405)]
    public async Task Head_AnswersAsGetDoes_WithoutContent(string path, int status)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var get = await tenant.Deployer.GetAsync(path);
        using var head = await HeadAsync(tenant.Deployer, path);

        Assert.Equal((status, status), ((int)get.StatusCode, (int)head.StatusCode));
        Assert.Equal(HeadersOf(get), HeadersOf(head));
        Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        // Metrics are others each time, and so may their length be.
        if (head.Content.Headers.NonValidated.TryGetValues("Content-Length", out var length) && path != "/metrics")
        {
            Assert.Equal($"{(await get.Content.ReadAsByteArrayAsync()).Length}", length.ToString());
        }
    }

    [Fact]
    public async Task Head_ByWhoMayNotGet_IsRefused()
    {
        using var anonymous = host.Anonymous();
        using var head = await HeadAsync(anonymous, "/v1/modules");

        Assert.Equal(401, (int)head.StatusCode);
        Assert.Equal("Bearer", head.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("/v1/modules/m", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("/health/live", "GET, HEAD")]
    [InlineData("/v1/tenants", "GET, HEAD, POST")]
    [InlineData("/v1/modules/m/prepare", "POST")]
    public async Task OtherMethod_IsToldOfHead(string path, string allowed)
    {
        using var anonymous = host.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        using var refused = await anonymous.SendAsync(request);

        await refused.ProblemAsync(405, "method-not-allowed");
        Assert.Equal(allowed, string.Join(", ", refused.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void EveryEndpoint_ThatAnswersGet_AnswersHead()
    {
        var methods = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []);

        Assert.All(methods.Where(methods => methods.Contains("GET")), methods => Assert.Contains("HEAD", methods));
    }

    [Fact]
    public async Task Function_IsAskedWithHead_AndItsContentIsNotSent()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\nthis is not sent"));
        using var head = await HeadAsync(tenant.Invoker, $"/f/{tenant.Id}/m");

        Assert.Equal((200, "text/plain"), ((int)head.StatusCode, head.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    private static async Task<HttpResponseMessage> HeadAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        return await client.SendAsync(request);
    }

    private static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers)
            .Where(header => !s_ofOneAnswer.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
}
