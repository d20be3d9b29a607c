using HostService.Runtime.Errors;
using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>What needs stack of the host's — compiling, throwing, catching — at the very end of the guest's.</summary>
internal static class StackLimit
{
    private const int Depths = 200;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("first call at the limit, small functions", Returns, () => Dive(Depths, i => Invariant($"(i32.add (local.get 0) (i32.const {i}))"))) { Act = DiveToEachDepth },
        new("first call at the limit, functions with calls", Returns, () => Dive(Depths, i => Invariant($"(call $leaf (i32.add (local.get 0) (i32.const {i})))"))) { Act = DiveToEachDepth },
        new("first call at the limit, nested expressions", Returns, () => Dive(20, i => $"(local.get 0) {Repeat(5_000, "(local.get 0) i32.xor (i32.const 3) i32.mul")}")) { Act = DiveToEachDepth },
        new("first call at the limit, expressions of calls", Returns, () => Dive(20, i => $"(local.get 0) {Repeat(2_000, "call $leaf")}")) { Act = DiveToEachDepth },
        new("first call at the limit, 1,000 blocks", Returns, () => Dive(20, i => $"{Repeat(1_000, "block")} {Repeat(1_000, "local.get 0 call $leaf br_if 0 end")} local.get 0")) { Act = DiveToEachDepth },
        new("first call at the limit, 100,000 blocks", Returns, () => Dive(1, i => $"{Repeat(100_000, "block")} {Repeat(100_000, "local.get 0 br_if 0 end")} local.get 0")) { Act = DiveToEachDepth },
        new("first call at the limit, 300 loops inside one another", Returns, () => Dive(5, i => $"{Repeat(300, "loop")} {Repeat(300, "i32.const 0 call $leaf br_if 0 end")} local.get 0")) { Act = DiveToEachDepth },
        new("first call at the limit, handlers", Returns, () => Dive(20, i => $"{Repeat(50, "block try_table (catch $t 0)")} local.get 0 call $leaf drop {Repeat(50, "end end")} local.get 0")) { Act = DiveToEachDepth },
        new("first call at the limit, 50,000 locals", Returns, () => Dive(1, i => "local.get 0", $"(local {Repeat(49_999, "i64")})")) { Act = DiveToEachDepth },
        new("first call at the limit, structures and casts", Returns, () =>
            Dive(20, i => "(drop (ref.cast (ref $s) (struct.new_default $s))) (drop (array.new_default $a (i32.const 5))) local.get 0")) { Act = DiveToEachDepth },
        new("throw and catch at every depth", Exhausts, () => """
            (module (tag $t) (func $throw throw $t)
              (func $f (export "run") block try_table (catch $t 0) call $throw end end call $f))
            """),
        new("throw from every depth to the top", Returns, () => """
            (module (tag $t)
              (func $dive (export "dive") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then throw $t)) (call $dive (i32.sub (local.get 0) (i32.const 1)))))
            """) { Act = instance => ThrowFromDeep(instance, 1_000) },
        new("throw through 5,000 handlers for other tags", Returns, () => Through("block try_table (catch $u 0) (call $dive (i32.sub (local.get 0) (i32.const 1))) return end unreachable end unreachable"))
            { Act = instance => ThrowFromDeep(instance, 5_000) },
        new("throw through 3,000 handlers that throw again", Returns, () => Through(
            "block (result exnref) try_table (catch_all_ref 0) (call $dive (i32.sub (local.get 0) (i32.const 1))) return end unreachable end throw_ref"))
            { Act = instance => ThrowFromDeep(instance, 3_000) },
        new("throw through 3,000 legacy handlers that throw again", Returns, () => Through(
            "try (result i32) (call $dive (i32.sub (local.get 0) (i32.const 1))) catch_all rethrow 0 end")) { Act = instance => ThrowFromDeep(instance, 3_000) },
        new("throw through 3,000 legacy handlers without clauses", Returns, () => Through(
            "try (result i32) (call $dive (i32.sub (local.get 0) (i32.const 1))) end")) { Act = instance => ThrowFromDeep(instance, 3_000) },
        new("throw through 3,000 that delegate", Returns, () => Through(
            "try (result i32) (call $dive (i32.sub (local.get 0) (i32.const 1))) delegate 0")) { Act = instance => ThrowFromDeep(instance, 3_000) },
        new("throw by the host at the limit", Exhausts, () => """
            (module (import "host" "nothing" (func $nothing)) (memory 1)
              (func $f (export "run") call $nothing call $f (drop (i32.load (i32.const -1)))))
            """),
        new("fault of memory at every depth", Returns, () => """
            (module (memory 1)
              (func $dive (export "dive") (param i32) (result i32)
                (if (result i32) (local.get 0) (then (call $dive (i32.sub (local.get 0) (i32.const 1)))) (else (i32.load (i32.const -8))))))
            """) { Act = instance => FaultFromEachDepth(instance, TrapCode.OutOfBoundsMemoryAccess) },
        new("division by zero at every depth", Returns, () => """
            (module (global $zero (mut i32) (i32.const 0))
              (func $dive (export "dive") (param i32) (result i32)
                (if (result i32) (local.get 0) (then (call $dive (i32.sub (local.get 0) (i32.const 1)))) (else (i32.div_u (i32.const 1) (global.get $zero))))))
            """) { Act = instance => FaultFromEachDepth(instance, TrapCode.IntegerDivideByZero) },
    ];

    private static string Dive(int functions, Func<int, string> body, string locals = "") => $"""
        (module (tag $t) (type $f (func (param i32) (result i32))) (type $s (sub (struct (field i64)))) (type $a (array (mut i64)))
          (table funcref (elem $leaf {Repeat(functions, i => Invariant($"$f{i}"))}))
          (func $leaf (param i32) (result i32) local.get 0)
          (func $dive (export "dive") (param $depth i32) (param $function i32) (result i32)
            (if (result i32) (local.get $depth)
              (then (call $dive (i32.sub (local.get $depth) (i32.const 1)) (local.get $function)))
              (else (call_indirect (type $f) (local.get $depth) (local.get $function)))))
          (func (export "count") (result i32) i32.const {functions})
          {Repeat(functions, i => $"(func $f{i} (type $f) {locals} {body(i)})")})
        """;

    private static string Through(string deeper) =>
        $"(module (tag $t) (tag $u) (func $dive (export \"dive\") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then throw $t)) {deeper}))";

    // Each function is called for the first time a little less deep than the one before it, from the last depth that does not trap on.
    private static void DiveToEachDepth(Instance instance)
    {
        var deepest = Deepest(depth => instance.GetFunction("dive")!.Call(depth, 0));
        var count = instance.GetFunction("count")!.Call()[0].I32;
        for (var i = 0; i < count; i++)
        {
            IsExhausted(() => instance.GetFunction("dive")!.Call(deepest - i, i + 1));
        }
    }

    private static void ThrowFromDeep(Instance instance, int depth)
    {
        for (var i = 0; i < 3; i++)
        {
            try
            {
                instance.GetFunction("dive")!.Call(depth - i);
            }
            catch (GuestException)
            {
                continue;
            }

            throw new InvalidOperationException("It did not throw.");
        }
    }

    private static void FaultFromEachDepth(Instance instance, TrapCode code)
    {
        var dive = instance.GetFunction("dive")!;
        var deepest = Deepest(depth =>
        {
            try
            {
                dive.Call(depth);
            }
            catch (TrapException trap) when (trap.Code == code)
            {
                // That deep it gets.
            }
        });
        for (var i = 0; i < 20; i++)
        {
            try
            {
                dive.Call(deepest - i);
            }
            catch (TrapException trap) when (trap.Code == code)
            {
                continue;
            }

            throw new InvalidOperationException("It did not trap.");
        }
    }

    // The frame may differ a little from call to call, so this is a good guess.
    private static int Deepest(Action<int> dive)
    {
        var (fits, tooDeep) = (0, 100_000);
        while (tooDeep - fits > 1)
        {
            var middle = (fits + tooDeep) / 2;
            (fits, tooDeep) = IsExhausted(() => dive(middle)) ? (fits, middle) : (middle, tooDeep);
        }

        return fits;
    }

    private static bool IsExhausted(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (TrapException trap) when (trap.Code == TrapCode.CallStackExhausted)
        {
            return true;
        }
    }
}
