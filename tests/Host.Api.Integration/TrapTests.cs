using Xunit;

namespace HostService.Host.Integration;

/// <summary>What a client learns of a trap.</summary>
[Collection(RunningHostCollection.Name)]
public class TrapTests(RunningHost host)
{
    private const string Divides = """
        (module
          (func $divide (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
          (func $middle (param i32) (result i32) (i32.add (call $divide (local.get 0)) (i32.const 1)))
          (func (export "f") (param i32) (result i32) (i32.add (call $middle (local.get 0)) (i32.const 1))))
        """;

    [Fact]
    public async Task Trap_InACall_Answers500WithItsFramesInnermostFirst()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("my.module", Divides);
        var (status, problem) = await tenant.InvokeAsync("my.module", "f", """{"args":[0]}""");

        Assert.Equal(500, status);
        problem.AssertProblem(500, "trap");
        var trap = problem.GetProperty("trap");
        Assert.Equal("integer_divide_by_zero", trap.GetProperty("code").GetString());
        Assert.Equal("integer divide by zero", trap.GetProperty("message").GetString());
        Assert.False(trap.TryGetProperty("truncatedFrames", out _));
        var frames = trap.GetProperty("frames").EnumerateArray().ToList();
        Assert.Equal(["divide", "middle", "f"], frames.Select(frame => frame.GetProperty("function").GetString()));
        Assert.Equal([0, 1, 2], frames.Select(frame => frame.GetProperty("index").GetInt32()));
        Assert.All(frames, frame => Assert.Equal("my.module", frame.GetProperty("module").GetString()));
        // The offset counts from the start of the binary, where i32.div_s is 0x6D.
        Assert.Equal(0x6D, Wat.Binary(Divides)[frames[0].GetProperty("offset").GetInt32()]);
    }

    [Fact]
    public async Task Exception_ThatNobodyCatches_IsTheGuestsFaultAndNotTheHosts()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (tag $t (param i32 f64)) (func (export "f") (throw $t (i32.const 7) (f64.const 1))))""");
        var (_, problem) = await tenant.InvokeAsync("m", "f", "{}");

        problem.AssertProblem(500, "uncaught-exception");
        Assert.Contains("(i32, f64)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap_OfABinaryThatTwoTenantsHold_NamesEachOnesUpload()
    {
        foreach (var name in new[] { "one", "two" })
        {
            var tenant = await host.NewTenantAsync();
            await tenant.UploadAsync(name, Divides);
            var (_, problem) = await tenant.InvokeAsync(name, "f", """{"args":[0]}""");

            Assert.Equal(name, problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("module").GetString());
        }
    }

    [Fact]
    public async Task Trap_DeepInARecursion_Has64FramesAndCountsTheRest()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """
            (module
              (func $down (export "down") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (unreachable)))
                (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1))))
            """);
        var (_, problem) = await tenant.InvokeAsync("m", "down", """{"args":[99]}""");

        var trap = problem.GetProperty("trap");
        Assert.Equal("unreachable", trap.GetProperty("code").GetString());
        Assert.Equal(64, trap.GetProperty("frames").GetArrayLength());
        Assert.Equal(36, trap.GetProperty("truncatedFrames").GetInt32());
    }

    [Theory]
    [InlineData("(unreachable)", "unreachable", "unreachable")]
    [InlineData("(drop (i32.load (i32.const -4)))", "out_of_bounds_memory_access", "out of bounds memory access")]
    [InlineData("(drop (i32.trunc_f32_s (f32.const nan)))", "invalid_conversion_to_integer", "invalid conversion to integer")]
    [InlineData("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer_overflow", "integer overflow")]
    [InlineData("(call_indirect (i32.const 9))", "undefined_element", "undefined element")]
    [InlineData("(call_indirect (i32.const 0))", "uninitialized_element", "uninitialized element")]
    [InlineData("(call $forever)", "call_stack_exhausted", "call stack exhausted")]
    public async Task Trap_OfEachKind_HasItsCodeAndTheSpecificationsWords(string body, string code, string message)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""
            (module (memory 1) (table 2 funcref)
              (func $forever (call $forever) (call $forever))
              (func (export "f") {{body}}))
            """);
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(500, status);
        Assert.Equal(code, problem.GetProperty("trap").GetProperty("code").GetString());
        Assert.Equal(message, problem.GetProperty("trap").GetProperty("message").GetString());
        Assert.Equal(code == "call_stack_exhausted", problem.GetProperty("detail").GetString()!.Contains("StackBytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trap_InTheStartFunction_IsAnsweredAtTheCall()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func $boom (unreachable)) (start $boom) (func (export "f")))""");
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.Equal(500, status);
        Assert.Equal("boom", problem.GetProperty("trap").GetProperty("frames")[0].GetProperty("function").GetString());
    }

    [Theory]
    [InlineData("""(memory 1) (data (i32.const 0) "fits") (data (i32.const 65534) "does not")""", "out_of_bounds_memory_access",
        "out of bounds memory access, instantiating short: data segment 1, 8 bytes for address 65534 of memory 0, which has 65536 bytes")]
    [InlineData("(table 3 funcref) (elem (i32.const 2) $f $f)", "out_of_bounds_table_access",
        "out of bounds table access, instantiating short: element segment 0, 2 elements for index 2 of table 0, which has 3 elements")]
    public async Task Trap_OfASegmentThatDoesNotFit_NamesTheSegmentAsNoFunctionIsActive(string fields, string code, string detail)
    {
        var tenant = await host.NewTenantAsync();
        var text = $"""(module {fields} (func $f (export "f")))""";
        await tenant.UploadAsync("short", text);
        var (_, problem) = await tenant.InvokeAsync("short", "f", "{}");

        problem.AssertProblem(500, "trap");
        Assert.Equal(code, problem.GetProperty("trap").GetProperty("code").GetString());
        Assert.Equal(0, problem.GetProperty("trap").GetProperty("frames").GetArrayLength());
        var said = problem.GetProperty("detail").GetString()!;
        Assert.StartsWith(detail, said, StringComparison.Ordinal);
        // Where the segment's address is computed: an i32.const, 0x41.
        var offset = Convert.ToInt32(said.Split("(+0x")[1].TrimEnd(')'), 16);
        Assert.Equal(0x41, Wat.Binary(text)[offset]);
    }
}
