using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host whose guests may compute for a moment only, and take as long over it as a busy machine needs.</summary>
public sealed class BriefHost : RunningHost
{
    public BriefHost()
        : base(new Dictionary<string, string?> { ["HostService:Limits:CpuMilliseconds"] = "100", ["HostService:Limits:WallMilliseconds"] = "300000" })
    {
    }
}

/// <summary>How long a guest may compute.</summary>
public class CpuLimitTests(BriefHost host) : IClassFixture<BriefHost>
{
    [Theory]
    [InlineData("(loop $again (br $again))")]
    [InlineData("(call $recurse)")]
    [InlineData("(loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again))")]
    public async Task Cpu_UsedUp_Answers504(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""(module (memory 1) (func $recurse (return_call $recurse)) (func (export "f") {{body}}))""");
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(504, status);
        problem.AssertProblem(504, "deadline-exceeded");
        Assert.Equal("cpu", problem.GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Cpu_UsedUpInTheStartFunction_Answers504()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func $spin (loop $again (br $again))) (start $spin) (func (export "f")))""");
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(504, status);
        problem.AssertProblem(504, "deadline-exceeded");
    }
}
