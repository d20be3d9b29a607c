using Xunit;

namespace HostService.Host.Integration;

/// <summary>Unless dumps are switched on there are none.</summary>
[Collection(RunningHostCollection.Name)]
public class CoreDumpsOffTests(RunningHost host)
{
    [Fact]
    public async Task Trap_WithDumpsOff_LeavesNone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func (export "f") (unreachable)))""");
        var (_, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.False(problem.GetProperty("trap").TryGetProperty("coreDump", out _));
        Assert.Equal("""{"items":[]}""", await tenant.Deployer.GetStringAsync("/v1/core-dumps"));
    }
}
