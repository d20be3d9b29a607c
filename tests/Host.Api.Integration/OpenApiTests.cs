using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using HostService.Host.Errors;
using HostService.Host.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>The API's description says what the service does: each route, each answer, each problem.</summary>
[Collection(RunningHostCollection.Name)]
public partial class OpenApiTests(RunningHost host) : IAsyncLifetime
{
    // Of routing itself, which no operation answers, and of what there is not yet.
    private static readonly ProblemType[] s_ofNoOperation = [ProblemTypes.MethodNotAllowed, ProblemTypes.QuotaExceeded];

    private JsonElement _document;

    public async Task InitializeAsync()
    {
        using var client = host.Anonymous();
        _document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Routes_AreTheOnesOfTheService()
    {
        var routes =
            from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{$1}")
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]
            // Goes without saying where there is GET.
            where method != "HEAD"
            select $"{method} {path}";

        // The description itself has no place in it, and metrics are a middleware's.
        Assert.Equal(
            routes.Where(route => route != "GET /openapi/v1.json").Append("GET /metrics").Order(StringComparer.Ordinal),
            Operations().Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Operations_SayWhatTheyTakeAndAnswer()
    {
        Assert.All(Operations(), operation =>
        {
            Assert.NotEmpty(operation.Of.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Of.GetProperty("operationId").GetString()!);
            Assert.All(Placeholder().Matches(operation.Path).Select(name => name.Groups[1].Value), name => Assert.Contains(("path", name), operation.Parameters));
            Assert.Contains(operation.Responses.Keys, status => status is "default" or "200" or "201" or "204");
            foreach (var (status, response) in operation.Responses)
            {
                Assert.NotEmpty(response.GetProperty("description").GetString()!);
                if (status is not ("204" or "304"))
                {
                    Assert.All(response.GetProperty("content").EnumerateObject(), content => Assert.True(content.Value.TryGetProperty("schema", out _), $"{operation}: {status} {content.Name}"));
                }
            }

            if (operation.Of.TryGetProperty("requestBody", out var body))
            {
                Assert.All(body.GetProperty("content").EnumerateObject(), content => Assert.True(content.Value.TryGetProperty("schema", out _), $"{operation}"));
            }
        });
        Assert.Equal(Operations().Count, Operations().Select(operation => operation.Of.GetProperty("operationId").GetString()).Distinct().Count());
    }

    [Fact]
    public void Problems_AreEachAnsweredSomewhere_AndUnderTheirStatus()
    {
        var described = Operations().SelectMany(operation => operation.Responses.Keys.SelectMany(status => operation.Problems(status).Select(type => (status, type)))).Distinct();

        Assert.Equal(
            ProblemTypes.All.Except(s_ofNoOperation).Select(type => ($"{type.Status}", type.Uri)).Order(),
            described.Order());
    }

    [Theory]
    [InlineData("POST", "/v1/modules/{name}/invoke/{function}", "X-HostService-Profile", "200")]
    [InlineData("GET", "/f/{tenant}/{name}/{path}", "X-HostService-Profile", "default")]
    [InlineData("GET", "/v1/core-dumps/{id}", "Range", null)]
    [InlineData("DELETE", "/v1/modules/{name}", "X-HostService-Tenant", null)]
    public void Headers_AreParameters_AndOfAnswers(string method, string path, string header, string? status)
    {
        var operation = Operations().Single(operation => (operation.Method, operation.Path) == (method, path));

        Assert.Contains(("header", header), operation.Parameters);
        if (status is not null)
        {
            Assert.True(operation.Responses[status].GetProperty("headers").TryGetProperty(header, out _));
        }
    }

    /// <summary>Asks every operation for what is not there, in every way that ends early, and looks each answer up.</summary>
    [Fact]
    public async Task Answers_OfEveryOperation_AreDescribed()
    {
        var tenant = await host.NewTenantAsync();
        using var anonymous = host.Anonymous();
        using var ofNobody = host.Operator("nobody-has-this-name");
        using var misnamed = host.Operator("No Name!");
        using var boss = host.Operator(tenant.Id);
        HttpClient[] clients = [anonymous, ofNobody, misnamed, boss, tenant.Deployer, tenant.Invoker];
        var seen = new HashSet<string>();
        foreach (var operation in Operations())
        {
            foreach (var client in clients)
            {
                foreach (var value in new[] { "absent", "No%20Name!" })
                {
                    foreach (var body in new[] { "{}", "no JSON" })
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Parse(operation.Method), Placeholder().Replace(operation.Path, value));
                        request.Content = operation.Of.TryGetProperty("requestBody", out _) ? new StringContent(body) : null;
                        using var answer = await client.SendAsync(request);
                        await AssertDescribedAsync(operation, answer, seen);
                    }
                }
            }
        }

        // Otherwise this walked past closed doors only.
        Assert.Superset(new HashSet<string> { "200", "400", "401", "403", "404", "422" }, seen);
    }

    /// <summary>A client chooses what it sends as its host, and everybody gets what was made for the first.</summary>
    [Fact]
    public async Task Description_IsMadeOnce_AndNamesNoHost()
    {
        using var client = host.Anonymous();
        using var first = await client.GetAsync("/openapi/v1.json");
        var before = await first.Content.ReadAsByteArrayAsync();
        foreach (var name in new[] { "one.example", "other.example:81" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { Host = name } };
            using var answer = await client.SendAsync(request);

            Assert.Equal(before, await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(["/"], _document.GetProperty("servers").EnumerateArray().Select(server => server.GetProperty("url").GetString()));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var unchanged = await client.SendAsync(again);
        Assert.Equal(304, (int)unchanged.StatusCode);
    }

    /// <summary>Making it allocates megabytes, sending it next to nothing.</summary>
    [Fact]
    public async Task Description_AskedForOften_IsNotMadeAgain()
    {
        var description = host.Services.GetRequiredService<ApiDescription>();
        var first = await description.AnswerAsync();

        Assert.Same(GetBytes(first), GetBytes(await description.AnswerAsync()));

        static byte[] GetBytes(FileContentHttpResult answer) => MemoryMarshal.TryGetArray(answer.FileContents, out var array) ? array.Array! : [];
    }

    private static async Task AssertDescribedAsync(Operation operation, HttpResponseMessage answer, HashSet<string> seen)
    {
        var status = $"{(int)answer.StatusCode}";
        seen.Add(status);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(operation.Responses.ContainsKey(status), $"{operation} answers {status}, which is not described: {text}");
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type == "application/problem+json")
        {
            Assert.Contains(JsonSerializer.Deserialize<JsonElement>(text).GetProperty("type").GetString(), operation.Problems(status));
        }
        else if (type is not null)
        {
            Assert.True(operation.Responses[status].GetProperty("content").TryGetProperty(type, out _), $"{operation} answers {status} as {type}, which is not described.");
        }
    }

    private List<Operation> Operations() =>
    [
        .. from path in _document.GetProperty("paths").EnumerateObject()
           from method in path.Value.EnumerateObject()
           where method.Name != "parameters"
           select new Operation(method.Name.ToUpperInvariant(), path.Name, path.Value, method.Value),
    ];

    [GeneratedRegex(@"\{\**(\w+)\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    private sealed record Operation(string Method, string Path, JsonElement Item, JsonElement Of)
    {
        public Dictionary<string, JsonElement> Responses { get; } = Of.GetProperty("responses").EnumerateObject().ToDictionary(response => response.Name, response => response.Value);

        public IReadOnlyList<(string In, string Name)> Parameters { get; } =
        [
            .. new[] { Item, Of }.SelectMany(owner => owner.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default(JsonElement.ArrayEnumerator))
                .Select(parameter => (parameter.GetProperty("in").GetString()!, parameter.GetProperty("name").GetString()!)),
        ];

        public IEnumerable<string> Problems(string status) =>
            Responses[status].TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out var problem)
                ? problem.GetProperty("schema").GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray().Select(type => type.GetString()!)
                : [];

        public override string ToString() => $"{Method} {Path}";
    }
}
