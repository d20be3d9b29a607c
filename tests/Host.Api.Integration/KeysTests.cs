using System.Net.Http.Json;
using HostService.Host.Features;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Who may do what.</summary>
[Collection(RunningHostCollection.Name)]
public class KeysTests(RunningHost host)
{
    public static TheoryData<string, string> ProtectedRequests => new()
    {
        { "GET", "/v1/modules" },
        { "GET", "/v1/modules/m" },
        { "PUT", "/v1/modules/m" },
        { "PATCH", "/v1/modules/m" },
        { "DELETE", "/v1/modules/m" },
        { "POST", "/v1/modules/m/invoke/f" },
        { "POST", "/v1/tenants" },
        { "GET", "/v1/tenants" },
        { "POST", "/v1/tenants/default/keys" },
        { "GET", "/v1/tenants/default/keys" },
        { "DELETE", "/v1/tenants/default/keys/0123456789abcdef" },
        { "GET", "/f/default/m/path" },
    };

    [Theory]
    [MemberData(nameof(ProtectedRequests))]
    public async Task Request_WithoutKey_Answers401(string method, string path)
    {
        using var client = host.Anonymous();
        using var response = await SendAsync(client, method, path);

        await response.ProblemAsync(401, "unauthorized");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [MemberData(nameof(ProtectedRequests))]
    public async Task Request_WithUnknownKey_Answers401(string method, string path)
    {
        // One that has the form of a key, and one that has not.
        foreach (var key in new[] { "hs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "guess", new string('x', 5_000) })
        {
            using var client = host.Client(key);
            using var response = await SendAsync(client, method, path);

            await response.ProblemAsync(401, "unauthorized");
        }
    }

    [Fact]
    public async Task Request_WithAnotherScheme_Answers401()
    {
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Basic", RunningHost.OperatorKey);
        using var response = await client.GetAsync("/v1/modules");

        await response.ProblemAsync(401, "unauthorized");
    }

    [Theory]
    [InlineData("PUT", "/v1/modules/m")]
    [InlineData("PATCH", "/v1/modules/m")]
    [InlineData("DELETE", "/v1/modules/m")]
    [InlineData("POST", "/v1/tenants")]
    [InlineData("GET", "/v1/tenants")]
    [InlineData("POST", "/v1/tenants/default/keys")]
    [InlineData("GET", "/v1/tenants/default/keys")]
    [InlineData("DELETE", "/v1/tenants/default/keys/0123456789abcdef")]
    public async Task Invoker_WhatOthersMay_Answers403(string method, string path)
    {
        var tenant = await host.NewTenantAsync();
        using var response = await SendAsync(tenant.Invoker, method, path);

        await response.ProblemAsync(403, "forbidden");
    }

    [Theory]
    [InlineData("POST", "/v1/tenants")]
    [InlineData("GET", "/v1/tenants")]
    [InlineData("POST", "/v1/tenants/default/keys")]
    [InlineData("GET", "/v1/tenants/default/keys")]
    [InlineData("DELETE", "/v1/tenants/default/keys/0123456789abcdef")]
    public async Task Deployer_WhatTheOperatorMay_Answers403(string method, string path)
    {
        var tenant = await host.NewTenantAsync();
        using var response = await SendAsync(tenant.Deployer, method, path);

        await response.ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Deployer_UploadsPatchesDeletesInvokesAndReads()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);

        using var patched = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { @public = true });
        using var read = await tenant.Deployer.GetAsync("/v1/modules/m");
        using var invoked = await tenant.Deployer.PostAsJsonAsync("/v1/modules/m/invoke/add", new { args = new[] { 1, 2 } });
        using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/m");

        Assert.Equal([200, 200, 200, 204], new[] { patched, read, invoked, deleted }.Select(response => (int)response.StatusCode));
    }

    [Fact]
    public async Task Invoker_InvokesAndReads()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);

        using var read = await tenant.Invoker.GetAsync("/v1/modules/m");
        using var list = await tenant.Invoker.GetAsync("/v1/modules");
        var (status, answer) = await tenant.InvokeAsync("m", "add", """{"args":[1,2]}""");

        Assert.Equal([200, 200, 200], new[] { (int)read.StatusCode, (int)list.StatusCode, status });
        Assert.Equal("[3]", answer.Results());
    }

    [Fact]
    public async Task TenantHeader_FromOthersThanTheOperator_Answers403()
    {
        var tenant = await host.NewTenantAsync();
        foreach (var client in new[] { tenant.Invoker, tenant.Deployer })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/modules") { Headers = { { "X-HostService-Tenant", tenant.Id } } };
            using var response = await client.SendAsync(request);

            await response.ProblemAsync(403, "forbidden");
        }
    }

    [Fact]
    public async Task Operator_WithoutHeader_ActsOnDefault()
    {
        var name = $"m{Guid.NewGuid():N}";
        using var client = host.Operator();
        using var content = new ByteArrayContent(Wat.Binary(Wat.Add));
        using var uploaded = await client.PutAsync($"/v1/modules/{name}", content);
        using var byKey = host.Client(await host.NewKeyAsync("default", "invoker"));
        using var seen = await byKey.GetAsync($"/v1/modules/{name}");
        using var deleted = await client.DeleteAsync($"/v1/modules/{name}");

        Assert.Equal([201, 200, 204], new[] { uploaded, seen, deleted }.Select(response => (int)response.StatusCode));
    }

    [Fact]
    public async Task Operator_WithHeader_ActsOnThatTenant()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var client = host.Operator(tenant.Id);
        using var response = await client.PostAsJsonAsync("/v1/modules/m/invoke/add", new { args = new[] { 20, 22 } });

        Assert.Equal("[42]", (await response.JsonAsync(200)).Results());
    }

    [Fact]
    public async Task Operator_WithHeaderOfNobody_Answers404()
    {
        using var client = host.Operator("nobody-has-this-name");
        using var response = await client.GetAsync("/v1/modules");

        await response.ProblemAsync(404, "tenant-not-found");
    }

    [Fact]
    public async Task Operator_WithHeaderThatIsNoName_Answers400()
    {
        using var client = host.Operator("No Name");
        using var response = await client.GetAsync("/v1/modules");

        await response.ProblemAsync(400, "bad-name");
    }

    [Fact]
    public async Task Module_OfAnotherTenant_Answers404Everywhere()
    {
        var owner = await host.NewTenantAsync();
        var other = await host.NewTenantAsync();
        await owner.UploadAsync("secret", Wat.Print("Content-Type: text/plain\n\nmine"));

        foreach (var (method, path) in new[]
        {
            ("GET", "/v1/modules/secret"), ("PATCH", "/v1/modules/secret"), ("DELETE", "/v1/modules/secret"), ("POST", "/v1/modules/secret/invoke/_start"),
            ("GET", $"/f/{owner.Id}/secret"),
        })
        {
            using var response = await SendAsync(other.Deployer, method, path);
            await response.ProblemAsync(404, "module-not-found");
        }

        using var list = await other.Deployer.GetAsync("/v1/modules");
        Assert.Equal(0, (await list.JsonAsync(200)).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task CreateTenant_New_Answers201_Existing_409()
    {
        using var client = host.Operator();
        var id = $"acme-{Guid.NewGuid():N}"[..20];
        using var first = await client.PostAsJsonAsync("/v1/tenants", new { id });
        using var second = await client.PostAsJsonAsync("/v1/tenants", new { id });
        using var builtIn = await client.PostAsJsonAsync("/v1/tenants", new { id = "default" });

        var made = await first.JsonAsync(201);
        Assert.Equal(id, made.GetProperty("id").GetString());
        using var list = await client.GetAsync("/v1/tenants");
        var listed = (await list.JsonAsync(200)).GetProperty("items").EnumerateArray().ToDictionary(tenant => tenant.GetProperty("id").GetString()!);
        Assert.Contains("default", listed.Keys);
        Assert.Equal(made.GetRawText(), listed[id].GetRawText());
        await second.ProblemAsync(409, "tenant-exists");
        await builtIn.ProblemAsync(409, "tenant-exists");
    }

    [Fact]
    public async Task CreateKey_EachRole_Answers201WithAKeyThatWorks()
    {
        var tenant = await host.NewTenantAsync();
        foreach (var role in new[] { "deployer", "invoker" })
        {
            using var client = host.Operator();
            using var made = await client.PostAsJsonAsync($"/v1/tenants/{tenant.Id}/keys", new { role });
            var key = (await made.JsonAsync(201)).GetProperty("key").GetString();
            using var byKey = host.Client(key);
            using var list = await byKey.GetAsync("/v1/modules");

            Assert.Equal(200, (int)list.StatusCode);
        }
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("Deployer")]
    [InlineData("")]
    [InlineData(null)]
    public async Task CreateKey_OtherRole_Answers400(string? role)
    {
        using var client = host.Operator();
        using var response = await client.PostAsJsonAsync("/v1/tenants/default/keys", new { role });

        await response.ProblemAsync(400, "bad-request");
    }

    [Fact]
    public async Task CreateKey_UnknownTenant_Answers404()
    {
        using var client = host.Operator();
        using var response = await client.PostAsJsonAsync("/v1/tenants/nobody/keys", new { role = "invoker" });

        await response.ProblemAsync(404, "tenant-not-found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("""{"id":1}""")]
    public async Task CreateTenant_BodyThatIsNone_Answers400(string body)
    {
        using var client = host.Operator();
        using var content = new StringContent(body, null, "application/json");
        using var response = await client.PostAsync("/v1/tenants", content);

        await response.ProblemAsync(400, "bad-request");
    }

    [Fact]
    public async Task Keys_InTheDataDirectory_AreNowhere()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);

        // The lock is empty, and nobody else can open it.
        foreach (var file in Directory.EnumerateFiles(host.DataDirectory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != DataDirectory.LockName))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            Assert.DoesNotContain(tenant.DeployerKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain(tenant.InvokerKey, text, StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (method is "POST" or "PATCH")
        {
            request.Content = JsonContent.Create(new { @public = true });
        }

        return client.SendAsync(request);
    }
}
