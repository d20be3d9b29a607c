using System.Text;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Trials;

/// <summary>Which shapes are suspicious: those beyond what was measured to be harmless, in each of the respects that count.</summary>
public sealed class SuspicionTests
{
    public static TheoryData<string, int, string, string, string> Shapes => new()
    {
        { "blocks", 810, "block local.get 0 br_if 0 end", "", "" },
        { "instructions", 4_100, "i32.const 1 i32.const 2 i32.add drop", "", "" },
        { "handlers", 160, "block try_table (catch $t 0) call $f end end", "", "" },
        { "handlers inside one another", 51, "block try_table (catch $t 0)", "call $f", "end end" },
        { "legacy handlers inside one another", 51, "try", "call $f", "catch $t end" },
        { "arguments", 1_100, "local.get 0 local.get 0 i32.div_s local.set 0", "", "" },
        { "code", 1_000, "v128.const i64x2 1 2 v128.const i64x2 3 4 i64x2.add drop", "", "" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Suspicion_MoreThanWasMeasuredToBeHarmless_IsThere(string what, int times, string before, string between, string after)
    {
        Assert.True(SuspectsOf(times, before, between, after) == 1, $"{times} {what} are not suspicious.");
        Assert.True(SuspectsOf(times / 4, before, between, after) == 0, $"{times / 4} {what} are suspicious.");
    }

    // So large that RyuJIT does not optimise it, and linear in its length: there is nothing to find out.
    [Fact]
    public void Suspicion_LargeFunctionThatIsNotOptimized_IsNotThere() =>
        Assert.Equal(0, SuspectsOf(25_000, "local.get 0 i32.eqz local.set 0", "", ""));

    private static int SuspectsOf(int times, string before, string between, string after)
    {
        using var engine = new Engine(new EngineOptions { Features = Types.WasmFeatures.LegacyExceptions });
        using var module = Module.Compile(engine, Wat.ToBinary(
            $"(module (tag $t) (func $f) (func (export \"run\") (param i32) {Repeat(times, before)} {between} {Repeat(times, after)}))"));
        return module.SuspiciousFunctionCount;
    }

    private static string Repeat(int count, string piece) => new StringBuilder(count * (piece.Length + 1)).Insert(0, piece + " ", count).ToString();
}
