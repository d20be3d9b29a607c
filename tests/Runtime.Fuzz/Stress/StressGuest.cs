using System.Collections.Concurrent;
using System.Globalization;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>The modules that threads run: one text for each number, which their results, types, data and lengths depend on, so that nothing of one passes for another's.</summary>
internal static class StressGuest
{
    /// <summary>How many there are.</summary>
    public const int Count = 12;

    /// <summary>Where the data is, which says the number.</summary>
    public const int DataAt = 40_000;

    /// <summary>The bytes of a memory at the start.</summary>
    public const int MemoryBytes = 65_536;

    private static readonly ConcurrentDictionary<string, byte[]> s_binaries = new();

    /// <summary>The module of a number.</summary>
    public static byte[] Binary(int number) => s_binaries.GetOrAdd(Text(number), Wasmtime.Module.ConvertText);

    /// <summary>A module that imports functions, the memory, the table, the global and the tag of one of those.</summary>
    public static byte[] Importer(int number) => s_binaries.GetOrAdd(ImporterText(number), Wasmtime.Module.ConvertText);

    /// <summary>A module that works on a shared memory, which it imports.</summary>
    public static byte[] Sharer { get; } = Wasmtime.Module.ConvertText("""
        (module (import "h" "memory" (memory 1 16 shared))
          (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
          (func (export "wait") (result i32) (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 2000000)))
          (func (export "block") (result i32) (memory.atomic.wait32 (i32.const 16) (i32.const 0) (i64.const -1)))
          (func (export "notify") (result i32) (memory.atomic.notify (i32.const 8) (i32.const 10)))
          (func (export "grow") (result i32) (memory.grow (i32.const 1)))
          (func (export "beyond") (result i32) (i32.load (i32.const 0x7FFFFFF0))))
        """);

    /// <summary>What <c>sum</c> gives.</summary>
    public static int Sum(int number, int turns)
    {
        var sum = number;
        for (var i = turns; i != 0; i--)
        {
            sum = (sum * 31) + (i ^ number);
        }

        return sum;
    }

    /// <summary>What <c>fib</c> gives.</summary>
    public static int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2);

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        (module
          (type $binary (func (param i32 i32) (result i32)))
          (type $unary (func (param i32) (result i32)))
          (rec (type $node (struct (field (mut i32)) (field (ref null $node)){{string.Concat(Enumerable.Repeat(" (field f32)", number % 3))}})))
          (type $array (array (mut i64)))
          (type (func (param{{string.Concat(Enumerable.Repeat(" f32", number))}})))
          (import "h" "twice" (func $twice (type $unary)))
          (import "h" "again" (func $again (type $unary)))
          (import "h" "make" (func $make (param i32) (result funcref)))
          (import "h" "fail" (func $fail))
          (memory (export "memory") 1 8)
          (data (i32.const {{DataAt}}) "{{string.Concat(Enumerable.Repeat($"\\{number:x2}", 5_000))}}")
          (table $table (export "table") 8 funcref)
          (elem (table $table) (i32.const 0) func $increment $add $twice $sum)
          (global $global (export "global") (mut i64) (i64.const {{number}}))
          (tag $tag (export "tag") (param i32 i64))

          (func $increment (type $unary) (i32.add (local.get 0) (i32.const {{number}})))
          (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
          (func $sum (export "sum") (type $unary) (local $sum i32)
            (local.set $sum (i32.const {{number}}))
            (block $end
              (loop $next
                (br_if $end (i32.eqz (local.get 0)))
                (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.xor (local.get 0) (i32.const {{number}}))))
                (i32.store (i32.and (local.get $sum) (i32.const 0x3FFC)) (local.get $sum))
                (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                (br $next)))
            (local.get $sum))
          (func $fib (export "fib") (type $unary)
            (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
              (then (local.get 0))
              (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
          (func (export "number") (result i32) (i32.load8_u (i32.const {{DataAt + 4_999}})))
          (func (export "indirect") (param i32 i32) (result i32) (call_indirect $table (type $unary) (local.get 1) (local.get 0)))
          (func (export "put") (param i32 funcref) (table.set $table (local.get 0) (local.get 1)))
          (func (export "made") (param i32) (result i32) (call_ref $unary (i32.const 1) (ref.cast (ref $unary) (call $make (local.get 0)))))
          (func $tail (export "tail") (param i32 i64 i64 i64 i64 i64 i64 i64) (result i32)
            (if (i32.eqz (local.get 0)) (then (return (i32.wrap_i64 (local.get 7)))))
            (return_call $spread (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (i64.add (local.get 7) (i64.const {{number}}))))
          (func $spread (param i32 i64 i64) (result i32)
            (return_call $tail (local.get 0) (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 2)))
          (func (export "list") (param i32) (result i32) (local $list (ref null $node)) (local $sum i32)
            (loop $next
              (local.set $list (struct.new $node (i32.add (local.get 0) (i32.const {{number}})) (local.get $list){{string.Concat(Enumerable.Repeat(" (f32.const 1)", number % 3))}}))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $next (local.get 0)))
            (loop $next
              (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
              (local.set $list (struct.get $node 1 (local.get $list)))
              (br_if $next (i32.eqz (ref.is_null (local.get $list)))))
            (local.get $sum))
          (func (export "array") (param i32) (result (ref $array)) (array.new $array (i64.const {{number}}) (local.get 0)))
          (func (export "first") (param (ref $array)) (result i64) (array.get $array (local.get 0) (i32.const 0)))
          (func $throws (param i32) (if (local.get 0) (then (call $throws (i32.sub (local.get 0) (i32.const 1))) (return))) (throw $tag (i32.const {{number}}) (global.get $global)))
          (func (export "throw") (param i32) (call $throws (local.get 0)))
          (func (export "catch") (param i32) (result i32)
            (block $caught (result i32 i64) (try_table (catch $tag $caught) (call $throws (local.get 0))) (unreachable))
            (drop))
          (func (export "again") (param i32) (result i32)
            (if (result i32) (local.get 0) (then (call $again (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const {{number}}))))
          (func (export "fail") (call $fail))
          (func (export "unreachable") unreachable)
          (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const -0x80000000) (local.get 0)))
          (func (export "load") (param i32) (result i32) (i32.load offset={{number}} (local.get 0)))
          (func (export "store") (param i32) (i64.store (local.get 0) (i64.const -1)))
          (func (export "cast") (result i32) (struct.get $node 0 (ref.cast (ref $node) (ref.i31 (i32.const 1)))))
          (func (export "null") (param (ref null $unary)) (result i32) (call_ref $unary (i32.const 1) (local.get 0)))
          (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
          (func (export "spin") (loop $again (br $again)))
          (func (export "spin_calling") (loop $again (drop (call $fib (i32.const 3))) (br $again)))
          (func (export "grow") (result i32) (memory.grow (i32.const 1)))
          (func (export "touch") (param i32) (memory.fill (local.get 0) (i32.const 0xDD) (i32.const 9000)) (global.set $global (i64.const -1)))
        )
        """);

    private static string ImporterText(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        (module
          (type $unary (func (param i32) (result i32)))
          (import "other" "sum" (func $sum (type $unary)))
          (import "other" "throw" (func $throw (param i32)))
          (import "other" "deep" (func $deep (type $unary)))
          (import "other" "memory" (memory 1 8))
          (import "other" "table" (table $table 8 funcref))
          (import "other" "global" (global $global (mut i64)))
          (import "other" "tag" (tag $tag (param i32 i64)))
          (elem (table $table) (i32.const 6) func $own)
          (func $own (type $unary) (i32.add (call $sum (local.get 0)) (i32.const {{number}})))
          (func (export "sum") (type $unary) (call_indirect $table (type $unary) (local.get 0) (i32.const 6)))
          (func (export "catch") (param i32) (result i32)
            (block $caught (result i32 i64) (try_table (catch $tag $caught) (call $throw (local.get 0))) (unreachable))
            (drop))
          (func (export "deep") (type $unary) (i32.add (call $deep (local.get 0)) (i32.const 1)))
          (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
          (func (export "number") (result i32) (i32.load8_u (i32.const {{DataAt}}))))
        """);
}
