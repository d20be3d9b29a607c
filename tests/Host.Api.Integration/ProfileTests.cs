using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Profiles;
using HostService.Runtime;
using HostService.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Profiles of invocations, from the header that asks for one to the document that the Firefox profiler opens.</summary>
[Collection(RunningHostCollection.Name)]
public class ProfileTests(RunningHost host)
{
    private const string Header = "X-HostService-Profile";

    // Some hundred million turns, so that it lasts some hundred milliseconds.
    private const string Works = """
        (module
          (func $hot (param $turns i32) (result i32) (local $sum i32)
            (loop $again
              (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get $turns)))
              (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
            (local.get $sum))
          (func (export "work") (param i32) (result i32) (i32.add (call $hot (local.get 0)) (i32.const 1)))
          (func (export "fail") (param i32) (drop (call $hot (local.get 0))) (unreachable)))
        """;

    // The same as a CGI program, which also answers the variables that it sees.
    private static readonly string s_answers = Wat.Environment.Replace(
        "(func (export \"_start\")",
        """
        (func $hot (param $turns i32) (loop $again (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1))))))
          (func (export "_start")
            (call $hot (i32.const 200000000))
        """,
        StringComparison.Ordinal);

    [Fact]
    public async Task Profile_OfAFunction_IsNamedInTheAnswerAndCanBeFetched()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("worker", Works);
        using var answer = await InvokeAsync(tenant.Deployer, "worker", "work", "true");

        Assert.Equal(200, (int)answer.StatusCode);
        var id = Assert.Single(answer.Headers.GetValues(Header));
        var document = await FetchAsync(tenant.Deployer, id);
        Assert.True(document.Samples.Count > 0);
        Assert.True(document.SelfCpuShare("hot") > 0.5, $"{document.SelfCpuShare("hot")}");
        Assert.Equal(["work", "hot"], document.Samples.First(sample => sample.Stack[^1] == "hot").Stack);
        Assert.Equal("worker", document.Meta.GetProperty("product").GetString());

        var item = Assert.Single((await tenant.Deployer.GetFromJsonAsync<JsonElement>("/v1/profiles")).GetProperty("items").EnumerateArray());
        Assert.Equal(id, item.GetProperty("id").GetString());
        Assert.Equal("worker", item.GetProperty("module").GetString());
        Assert.Equal("work", item.GetProperty("function").GetString());
        Assert.Equal(document.Samples.Count, item.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task Profile_OfATrap_IsKept()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Works);
        using var answer = await InvokeAsync(tenant.Deployer, "m", "fail", "2");

        await answer.ProblemAsync(500, "trap");
        var document = await FetchAsync(tenant.Deployer, Assert.Single(answer.Headers.GetValues(Header)));
        Assert.True(document.TotalShare("fail") > 0.1, $"{document.TotalShare("fail")}");
        Assert.Equal(2, document.Meta.GetProperty("interval").GetDouble());
    }

    [Fact]
    public async Task Profile_OfAModuleThatIsReplacedBeforeTheGuestBegins_IsOfTheCodeThatRan()
    {
        var tenant = await host.NewTenantAsync();
        // Digests of their own, so that no other test keeps the first one alive.
        await tenant.UploadAsync("m", Works.Replace("i32.const 31", "i32.const 35", StringComparison.Ordinal));
        var entry = host.Services.GetRequiredService<ModuleCatalog>().Find(tenant.Id, "m")!;
        var invoker = host.Services.GetRequiredService<Invoker>();
        var first = await invoker.CodeAsync(entry, CancellationToken.None);
        await tenant.UploadAsync("m", Works.Replace("i32.const 31", "i32.const 33", StringComparison.Ordinal));

        string id;
        using (var recording = host.Services.GetRequiredService<ProfileStore>().Begin(tenant.Id, "m", "work", TimeSpan.FromMilliseconds(1)))
        {
            id = recording.Id;
            await invoker.InvokeAsync(entry, first, new Work { Profile = recording }, CancellationToken.None);
        }

        Assert.True((await FetchAsync(tenant.Deployer, id)).Samples.Count > 0);
    }

    [Fact]
    public async Task Profile_OfAnHttpFunction_IsAskedForByTheSameHeader_WhichTheGuestDoesNotSee()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("site", s_answers);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/f/{tenant.Id}/site/x?y=1") { Headers = { { Header, "true" } } };
        using var answer = await tenant.Deployer.SendAsync(request);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.DoesNotContain("HTTP_X_HOSTSERVICE_PROFILE", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var document = await FetchAsync(tenant.Deployer, Assert.Single(answer.Headers.GetValues(Header)));
        Assert.True(document.SelfCpuShare("hot") > 0.5, $"{document.SelfCpuShare("hot")}");
    }

    [Fact]
    public async Task Profile_IsForDeployersOfTheTenant()
    {
        var tenant = await host.NewTenantAsync();
        var other = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Works);
        await tenant.UploadAsync("site", s_answers);
        using var made = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/site", new { @public = true });
        made.EnsureSuccessStatusCode();

        using var invoker = await InvokeAsync(tenant.Invoker, "m", "work", "true");
        await invoker.ProblemAsync(403, "forbidden");
        Assert.False(invoker.Headers.Contains(Header));
        foreach (var (client, status, slug) in new[] { (host.Anonymous(), 401, "unauthorized"), (tenant.Invoker, 403, "forbidden"), (other.Deployer, 404, "module-not-found") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/f/{tenant.Id}/site") { Headers = { { Header, "true" } } };
            using var refused = await client.SendAsync(request);
            await refused.ProblemAsync(status, slug);
        }

        using var answer = await InvokeAsync(host.Operator(tenant.Id), "m", "work", "true");
        var id = Assert.Single(answer.Headers.GetValues(Header));
        using var mine = await tenant.Deployer.GetAsync(new Uri($"/v1/profiles/{id}", UriKind.Relative));
        Assert.Equal(200, (int)mine.StatusCode);
        using var theirs = await other.Deployer.GetAsync(new Uri($"/v1/profiles/{id}", UriKind.Relative));
        await theirs.ProblemAsync(404, "not-found");
        using var notAllowed = await tenant.Invoker.GetAsync(new Uri($"/v1/profiles/{id}", UriKind.Relative));
        await notAllowed.ProblemAsync(403, "forbidden");
    }

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-1")]
    public async Task Header_WithoutSense_IsRefused(string value)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Works);
        using var answer = await InvokeAsync(tenant.Deployer, "m", "work", value);

        await answer.ProblemAsync(400, "bad-request");
    }

    [Fact]
    public async Task WithoutTheHeader_NothingIsKept()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var answer = await tenant.Deployer.PostAsJsonAsync("/v1/modules/m/invoke/add", new { args = new[] { 1, 2 } });

        Assert.False(answer.Headers.Contains(Header));
        Assert.Equal(0, (await tenant.Deployer.GetFromJsonAsync<JsonElement>("/v1/profiles")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Profiles_OfATenant_AreTheLatestTen_AndCompressedForWhoTakesIt()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/modules/m/invoke/add")
            {
                Content = JsonContent.Create(new { args = new[] { i, 2 } }),
                Headers = { { Header, "1" } },
            };
            using var answer = await tenant.Deployer.SendAsync(request);
            ids.Add(Assert.Single(answer.Headers.GetValues(Header)));
        }

        var listed = (await tenant.Deployer.GetFromJsonAsync<JsonElement>("/v1/profiles")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);
        Assert.Equal(ids.Skip(2).Reverse(), listed);
        using var gone = await tenant.Deployer.GetAsync(new Uri($"/v1/profiles/{ids[0]}", UriKind.Relative));
        await gone.ProblemAsync(404, "not-found");

        using var compressed = new HttpRequestMessage(HttpMethod.Get, $"/v1/profiles/{ids[^1]}") { Headers = { { "Accept-Encoding", "gzip" } } };
        using var response = await tenant.Deployer.SendAsync(compressed);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var stream = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var json = new MemoryStream();
        await stream.CopyToAsync(json);
        Assert.Empty(ProfileDocument.Parse(json.ToArray()).Samples);
    }

    private static async Task<HttpResponseMessage> InvokeAsync(HttpClient client, string module, string function, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/modules/{module}/invoke/{function}") { Content = JsonContent.Create(new { args = new[] { 300_000_000 } }) };
        request.Headers.TryAddWithoutValidation(Header, header);
        return await client.SendAsync(request);
    }

    private static async Task<ProfileDocument> FetchAsync(HttpClient client, string id)
    {
        using var response = await client.GetAsync(new Uri($"/v1/profiles/{id}", UriKind.Relative));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return ProfileDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
    }

    private sealed class Work : Invocation<int>
    {
        public override Trigger Trigger => Trigger.Invoke;

        public override string Function => "work";

        public override void CheckAgainst(CompiledModule module)
        {
        }

        public override int Call(Instance instance) => instance.GetFunction<int, int>("work")!(300_000_000);
    }
}
