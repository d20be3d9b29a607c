namespace HostService.Runtime.Benchmarks.Modules;

/// <summary>The module of the call rows: something to call, something that calls the host, something that traps.</summary>
internal static class CallModule
{
    public const string Text = """
        (module
          (import "host" "add" (func $host (param i32 i32) (result i32)))
          (func (export "add") (param i32 i32) (result i32)
            (i32.add (local.get 0) (local.get 1)))
          (func (export "fail") unreachable)
          (func (export "call_host") (param $calls i32) (result i32) (local $sum i32)
            (block $done
              (loop $next
                (br_if $done (i32.eqz (local.get $calls)))
                (local.set $sum (call $host (local.get $sum) (local.get $calls)))
                (local.set $calls (i32.sub (local.get $calls) (i32.const 1)))
                (br $next)))
            (local.get $sum)))
        """;
}
