using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Keys that are listed, replaced and taken back while the service runs.</summary>
[Collection(RunningHostCollection.Name)]
public class KeyRotationTests(RunningHost host)
{
    [Fact]
    public async Task Rotation_OldAndNewKeyWorkTogether_ThenTheOldOneIsRefused()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\nhello"));
        using var boss = host.Operator();
        using var made = await boss.PostAsJsonAsync($"/v1/tenants/{tenant.Id}/keys", new { role = "invoker" });
        var description = await made.JsonAsync(201);
        using var renewed = host.Client(description.GetProperty("key").GetString());
        Assert.Equal((200, 200), (await CallAsync(tenant.Invoker), await CallAsync(renewed)));

        using var revoked = await boss.DeleteAsync($"/v1/tenants/{tenant.Id}/keys/{IdOf(tenant.InvokerKey)}");

        Assert.Equal(204, (int)revoked.StatusCode);
        Assert.Equal((401, 200), (await CallAsync(tenant.Invoker), await CallAsync(renewed)));
        using var refused = await tenant.Invoker.GetAsync("/v1/modules");
        await refused.ProblemAsync(401, "unauthorized");
        Assert.Equal(IdOf(description.GetProperty("key").GetString()!), description.GetProperty("id").GetString());

        async Task<int> CallAsync(HttpClient client)
        {
            using var answer = await client.GetAsync($"/f/{tenant.Id}/m");
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task Keys_Listed_SayWhatEachMayAndWhetherItWasUsed()
    {
        var tenant = await host.NewTenantAsync();
        using var used = await tenant.Deployer.GetAsync("/v1/modules");
        using var boss = host.Operator();
        using var list = await boss.GetAsync($"/v1/tenants/{tenant.Id}/keys");

        var text = await list.Content.ReadAsStringAsync();
        var items = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        Assert.Equal(new[] { IdOf(tenant.DeployerKey), IdOf(tenant.InvokerKey) }.Order(StringComparer.Ordinal), items.Keys.Order(StringComparer.Ordinal));
        var (deployer, invoker) = (items[IdOf(tenant.DeployerKey)], items[IdOf(tenant.InvokerKey)]);
        Assert.Equal(("deployer", "invoker"), (deployer.GetProperty("role").GetString(), invoker.GetProperty("role").GetString()));
        Assert.InRange(DateTimeOffset.UtcNow - deployer.GetProperty("lastUsedAt").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.Equal(JsonValueKind.Null, invoker.GetProperty("lastUsedAt").ValueKind);
        Assert.DoesNotContain(tenant.DeployerKey, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/tenants/nobody/keys", 404, "tenant-not-found")]
    [InlineData("GET", "/v1/tenants/No%20Name/keys", 400, "bad-name")]
    [InlineData("DELETE", "/v1/tenants/nobody/keys/0123456789abcdef", 404, "tenant-not-found")]
    [InlineData("DELETE", "/v1/tenants/default/keys/0123456789abcdef", 404, "key-not-found")]
    [InlineData("DELETE", "/v1/tenants/No%20Name/keys/0123456789abcdef", 400, "bad-name")]
    public async Task Key_OfNobody_IsToldSo(string method, string path, int status, string slug)
    {
        using var boss = host.Operator();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        using var response = await boss.SendAsync(request);

        await response.ProblemAsync(status, slug);
    }

    [Fact]
    public async Task Key_OfAnotherTenant_IsNotRevoked()
    {
        var (owner, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        using var boss = host.Operator();
        using var response = await boss.DeleteAsync($"/v1/tenants/{other.Id}/keys/{IdOf(owner.InvokerKey)}");
        using var list = await owner.Invoker.GetAsync("/v1/modules");

        await response.ProblemAsync(404, "key-not-found");
        Assert.Equal(200, (int)list.StatusCode);
    }

    // As docs/keys.md has a shell do it.
    private static string IdOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];
}
