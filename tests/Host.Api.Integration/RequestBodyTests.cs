using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What is said of bodies that are not the JSON that an endpoint takes.</summary>
[Collection(RunningHostCollection.Name)]
public class RequestBodyTests(RunningHost host)
{
    public static TheoryData<string, string> Endpoints => new()
    {
        { "POST", "/v1/tenants" },
        { "POST", "/v1/tenants/default/keys" },
        { "PATCH", "/v1/modules/hello" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Body_ThatIsNoJson_Answers400AndSaysWhere(string method, string path)
    {
        foreach (var body in new[] { "{", "[]", "{\"id\":5,\"role\":5,\"public\":5}" })
        {
            using var response = await SendAsync(method, path, body, "application/json");

            var detail = (await response.ProblemAsync(400, "bad-request")).GetProperty("detail").GetString()!;
            Assert.StartsWith("The body is not the JSON that is expected here (line 1, byte ", detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Body_ThatIsNullOrAbsent_Answers400(string method, string path)
    {
        foreach (var body in new[] { "null", "" })
        {
            using var response = await SendAsync(method, path, body, "application/json");

            await response.ProblemAsync(400, "bad-request");
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Body_OfAnotherType_IsReadAsJson(string method, string path)
    {
        // What curl -d calls it.
        var json = $$"""{"id":"form-{{Guid.NewGuid():N}}","role":"invoker","public":true}""";
        using var response = await SendAsync(method, path, json, "application/x-www-form-urlencoded");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string body, string contentType)
    {
        using var client = host.Operator();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        return await client.SendAsync(request);
    }
}
