using static HostService.Runtime.Hostile.Scenario;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Growth until it is refused.</summary>
internal static class Growth
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("memory.grow until refused", Returns, () =>
            """(module (memory 1) (func (export "run") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))"""),
        new("memory.grow by all there is", Returns, () =>
            """(module (memory i64 1) (func (export "run") (drop (memory.grow (i64.const -1))) (drop (memory.grow (i64.const 0x1000000000000)))))"""),
        new("table.grow until refused", Returns, () =>
            """(module (table 0 externref) (func (export "run") (loop (br_if 0 (i32.ne (table.grow (ref.null extern) (i32.const 100000)) (i32.const -1))))))"""),
        new("table.grow by all there is", Returns, () =>
            """(module (table 0 externref) (func (export "run") (drop (table.grow (ref.null extern) (i32.const -1)))))"""),
        new("array.new of 2,147,483,647", "trap AllocationTooLarge", () =>
            """(module (type $a (array (mut i64))) (func (export "run") (drop (array.new_default $a (i32.const 0x7fffffff)))))"""),
        new("array.new of 4,294,967,295", "trap AllocationTooLarge", () =>
            """(module (type $a (array (mut i8))) (func (export "run") (drop (array.new_default $a (i32.const -1)))))"""),
    ];
}
