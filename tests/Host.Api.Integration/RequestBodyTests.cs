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
    public async Task Body_OfAnotherType_Answers415AndSaysWhichIsTaken(string method, string path)
    {
        using var response = await SendAsync(method, path, "{}", "application/x-www-form-urlencoded");

        var problem = await response.ProblemAsync(415, "unsupported-media-type");
        Assert.Contains("application/json", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string body, string contentType)
    {
        using var client = host.Operator();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        return await client.SendAsync(request);
    }
}
