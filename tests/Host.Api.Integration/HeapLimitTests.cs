using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host whose guests may keep little on the heap, and have the time to collect what they drop.</summary>
public sealed class SmallHeapHost : RunningHost
{
    public SmallHeapHost()
        : base(new Dictionary<string, string?> { ["HostService:Limits:MaxHeapBytes"] = $"{1 << 20}" })
    {
    }
}

/// <summary>What structures and arrays of a guest may take.</summary>
public class HeapLimitTests(SmallHeapHost host) : IClassFixture<SmallHeapHost>
{
    [Theory]
    // A list of structures that are all reachable, and an array that is too large by itself.
    [InlineData("(loop $again (global.set $list (struct.new $cell (global.get $list) (i64.const 1))) (br $again))")]
    [InlineData("(drop (array.new_default $bytes (i32.const 2000000)))")]
    public async Task Heap_UsedUp_Traps(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""
            (module
              (type $cell (struct (field (ref null $cell)) (field i64)))
              (type $bytes (array i8))
              (global $list (mut (ref null $cell)) (ref.null $cell))
              (func $fill (export "fill") {{body}}))
            """);
        var (_, problem) = await tenant.InvokeAsync("m", "fill", "{}");

        problem.AssertProblem(500, "trap");
        Assert.Equal("allocation_too_large", problem.GetProperty("trap").GetProperty("code").GetString());
        Assert.Equal("fill", problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("function").GetString());
        Assert.Contains("HostService__Limits__MaxHeapBytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heap_AllocatedAndDroppedManyTimesOver_IsNotUsedUp()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (type $bytes (array i8))
              (func (export "drop") (local $left i32)
                (local.set $left (i32.const 500))
                (loop $again
                  (drop (array.new_default $bytes (i32.const 20000)))
                  (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
            """);
        var (status, answer) = await tenant.InvokeAsync("m", "drop", "{}");

        Assert.True(status == 200, answer.GetRawText());
    }
}
