using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>
/// RyuJIT takes the result of a compare-exchange of 32 bits for zero in the upper half of its register. Where the cell holds what is expected the processor leaves that register as it was. Each function here has what is
/// expected come from a value of 64 bits that is in that register already.
/// </summary>
public class CompareExchangeTests
{
    [Theory]
    [InlineData("(i64.atomic.rmw32.cmpxchg_u (i32.const 0) (call $same (global.get $wide)) (i64.const 7))")]
    [InlineData("(i64.extend_i32_u (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.wrap_i64 (call $same (global.get $wide))) (i32.const 7)))")]
    [InlineData("(i64.extend_i32_s (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.wrap_i64 (call $same (global.get $wide))) (i32.const 7)))")]
    [InlineData("(i64.atomic.rmw32.cmpxchg_u (i32.const 0) (if (result i64) (local.get 0) (then (global.get $wide)) (else (i64.const -7))) (i64.const 7))")]
    [InlineData("(i64.atomic.rmw16.cmpxchg_u (i32.const 0) (call $same (global.get $wide)) (i64.const 7))")]
    [InlineData("(i64.extend_i32_u (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (i32.wrap_i64 (call $same (global.get $wide))) (i32.const 7)))")]
    public void Cmpxchg_ThatExchanges_HasNothingOfWhatStoodInFrontOfTheExpected(string exchange)
    {
        foreach (var boundsChecks in new[] { BoundsChecks.Automatic, BoundsChecks.Explicit })
        {
            var binary = Wasmtime.Module.ConvertText($"""
                (module
                  (memory 1 1 shared) (global $wide (mut i64) (i64.const 0x500000000))
                  (func $same (param i64) (result i64) (local.get 0))
                  (func (export "run") (param i32) (result i64) {exchange})
                  (func (export "cell") (result i32) (i32.atomic.load (i32.const 0))))
                """);
            using var guest = new Guest(binary, new EngineOptions { BoundsChecks = boundsChecks, Features = WasmFeatures.Threads });

            Assert.Equal(0, guest.Call("run", 1)[0].I64);
            Assert.Equal(7, guest.Call("cell")[0].I32);
            Assert.Equal(7, guest.Call("run", 1)[0].I64);
        }
    }
}
