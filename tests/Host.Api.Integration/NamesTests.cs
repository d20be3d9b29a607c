using System.Net.Http.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Names of tenants and modules.</summary>
[Collection(RunningHostCollection.Name)]
public class NamesTests(RunningHost host)
{
    private const string Longest = "a23456789-123456789-123456789-123456789-123456789-123456789-123";

    public static TheoryData<string> Good => ["a", "7", "a.b", "a_b", "a-b", "0x", Longest];

    public static TheoryData<string> Bad => ["A", "-a", "a-", ".a", "a.", "_a", "a b", "é", "a\n", Longest + "4", "a!"];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Module_GoodName_IsTaken(string name)
    {
        var tenant = await host.NewTenantAsync();

        Assert.Equal(name, (await tenant.UploadAsync(name, Wat.Add)).GetProperty("name").GetString());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Module_BadName_Answers400(string name)
    {
        var tenant = await host.NewTenantAsync();
        var escaped = Uri.EscapeDataString(name);
        using var uploaded = await tenant.PutAsync(escaped, Wat.Binary(Wat.Add));
        using var read = await tenant.Invoker.GetAsync($"/v1/modules/{escaped}");
        using var deleted = await tenant.Deployer.DeleteAsync($"/v1/modules/{escaped}");
        using var patched = await tenant.Deployer.PatchAsJsonAsync($"/v1/modules/{escaped}", new { @public = true });
        using var invoked = await tenant.Invoker.PostAsync($"/v1/modules/{escaped}/invoke/f", null);
        using var called = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/{escaped}");

        foreach (var response in new[] { uploaded, read, deleted, patched, invoked, called })
        {
            await response.ProblemAsync(400, "bad-name");
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Tenant_BadName_Answers400(string name)
    {
        using var client = host.Operator();
        using var made = await client.PostAsJsonAsync("/v1/tenants", new { id = name });
        using var key = await client.PostAsJsonAsync($"/v1/tenants/{Uri.EscapeDataString(name)}/keys", new { role = "invoker" });
        using var called = await client.GetAsync($"/f/{Uri.EscapeDataString(name)}/m");

        foreach (var response in new[] { made, key, called })
        {
            await response.ProblemAsync(400, "bad-name");
        }
    }

    [Fact]
    public async Task Tenant_WithoutName_Answers400()
    {
        using var client = host.Operator();
        using var response = await client.PostAsJsonAsync("/v1/tenants", new { });

        await response.ProblemAsync(400, "bad-name");
    }
}
