using static HostService.Runtime.Hostile.Scenario;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Growth until it is refused.</summary>
internal static class Growth
{
    private static readonly StoreLimits s_small = new() { MaxHeapBytes = 64 << 20 };

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("memory.grow until refused", Returns, () =>
            """(module (memory 1) (func (export "run") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))"""),
        new("memory.grow by all there is", Returns, () =>
            """(module (memory i64 1) (func (export "run") (drop (memory.grow (i64.const -1))) (drop (memory.grow (i64.const 0x1000000000000)))))"""),
        new("memory.grow of a memory with 64-bit addresses until refused", Returns, () =>
            """(module (memory i64 1) (func (export "run") (loop (br_if 0 (i64.ne (memory.grow (i64.const 16)) (i64.const -1))))))"""),
        new("memory.grow of 100 memories until refused", Returns, () => $"""
            (module {Text.Repeat(100, "(memory 1)")} (func (export "run") (loop {Text.Repeat(100, i => Text.Invariant($"(drop (memory.grow {i} (i32.const 1)))"))} (br_if 0 (i32.ne (memory.grow 99 (i32.const 1)) (i32.const -1))))))
            """),
        new("memory.grow of a shared memory until refused", Returns, () =>
            """(module (memory 1 65536 shared) (func (export "run") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))"""),
        new("memory.grow and every page written, until refused", Returns, () => """
            (module (memory 1) (func (export "run") (local $page i32)
              (loop (if (i32.ne (local.tee $page (memory.grow (i32.const 1))) (i32.const -1)) (then (i32.store (i32.mul (local.get $page) (i32.const 65536)) (i32.const 1)) (br 1))))))
            """) { Limits = new() { MaxMemoryBytes = 256 << 20 }, MaxMegabytes = 512 },
        new("table.grow until refused", Returns, () =>
            """(module (table 0 externref) (func (export "run") (loop (br_if 0 (i32.ne (table.grow (ref.null extern) (i32.const 100000)) (i32.const -1))))))"""),
        new("table.grow by all there is", Returns, () =>
            """(module (table 0 externref) (func (export "run") (drop (table.grow (ref.null extern) (i32.const -1)))))"""),
        new("structures all kept", "trap AllocationTooLarge", () => """
            (module (type $s (sub (struct (field (ref null $s)) (field i64))))
              (func (export "run") (local $last (ref null $s)) (loop (local.set $last (struct.new $s (local.get $last) (i64.const 1))) br 0)))
            """) { Limits = s_small, MaxMegabytes = 512 },
        new("small arrays all kept", "trap AllocationTooLarge", () => """
            (module (type $a (sub (array (mut (ref null any)))))
              (func (export "run") (local $last (ref null $a)) (loop (local.set $last (array.new_fixed $a 2 (local.get $last) (ref.i31 (i32.const 7)))) br 0)))
            """) { Limits = s_small, MaxMegabytes = 512 },
        new("large arrays all kept", "trap AllocationTooLarge", () => """
            (module (type $b (array i64)) (type $a (array (mut (ref null any)))) (global $keep (ref $a) (array.new_default $a (i32.const 1000)))
              (func (export "run") (local $i i32) (loop (array.set $a (global.get $keep) (local.get $i) (array.new_default $b (i32.const 100000)))
                (local.set $i (i32.add (local.get $i) (i32.const 1))) br 0)))
            """) { Limits = s_small, MaxMegabytes = 512 },
        new("exceptions all kept", "trap AllocationTooLarge", () => """
            (module (tag $t) (type $s (struct (field exnref) (field (ref null $s))))
              (func (export "run") (local $last (ref null $s))
                (loop (local.set $last (struct.new $s (block (result exnref) try_table (catch_all_ref 0) throw $t end unreachable) (local.get $last))) br 0)))
            """) { Limits = s_small with { MaxHeapBytes = 8 << 20 }, MaxMegabytes = 512 },
        new("a hundred times the limit, dropped", Returns, () => """
            (module (type $b (array i64)) (type $s (struct (field i64)))
              (func (export "run") (local $i i32) (loop (drop (array.new_default $b (i32.const 100000))) (drop (array.new_default $b (i32.const 100))) (drop (struct.new $s (i64.const 1)))
                (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $i) (i32.const 8000))))))
            """) { Limits = s_small, MaxMegabytes = 1_024 },
        new("array of 8 GB in a constant expression", "trap AllocationTooLarge", () =>
            """(module (type $a (array (mut i64))) (global (ref $a) (array.new_default $a (i32.const 1000000000))))"""),
        new("array.new of 2,147,483,647", "trap AllocationTooLarge", () =>
            """(module (type $a (array (mut i64))) (func (export "run") (drop (array.new_default $a (i32.const 0x7fffffff)))))"""),
        new("array.new of 4,294,967,295", "trap AllocationTooLarge", () =>
            """(module (type $a (array (mut i8))) (func (export "run") (drop (array.new_default $a (i32.const -1)))))"""),
    ];
}
