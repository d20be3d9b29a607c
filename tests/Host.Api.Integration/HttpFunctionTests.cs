using System.Net.Http.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Which modules answer HTTP themselves, and to whom.</summary>
[Collection(RunningHostCollection.Name)]
public class HttpFunctionTests(RunningHost host)
{
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
}
