using System.Globalization;
using System.Text;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>What QuickJS is linked with: its imports, and a driver that evaluates a script. Both are modules, so that both engines run the same.</summary>
internal static class QuickJsModules
{
    /// <summary>The imports of Emscripten's output, under the names that its minifier gave them. Only the clock and the growth of memory are ever called.</summary>
    public const string Imports = """
        (module
          (memory (export "a") 256 32768)
          (func (export "b") (param i32 i32 i32 i32) unreachable)
          (func (export "c") (param i32) unreachable)
          (func (export "d") (param i32 i32 i32 i32) (result i32) i32.const 0)
          (func (export "e") (param i32) (result i32) i32.const 52)
          (func (export "f") (param i32 i32) (result i32) i32.const 0)
          (func (export "g") (param i32 i32) (result i32) i32.const 0)
          (func (export "h") (param i32 i32 i32 i32) (result i32) unreachable)
          (func (export "i") (param i32 i32 i32) (result i32) unreachable)
          (func (export "j") (param i32 i32 i32))
          (func (export "k") (param i32 i32 i32 i32 i32) (result i32) i32.const 70)
          (func (export "l") (param i32 f64) (result i32) i32.const 0)
          (func (export "m") (param $bytes i32) (result i32)
            (i32.ne (i32.const -1) (memory.grow (i32.sub
              (i32.shr_u (i32.add (local.get $bytes) (i32.const 0xffff)) (i32.const 16)) (memory.size)))))
          (func (export "n"))
          (func (export "o") (param i32 i32 i32 i32))
          (func (export "p") (result f64) f64.const 1.7e12)
          (func (export "q") unreachable)
          (func (export "r") (param i32) (result i32) i32.const 0)
          (func (export "s") (param i32 i32 i32 i32 i32) (result i32) unreachable))
        """;

    /// <summary>A module whose export <c>run</c> evaluates the script in a context that lives as long as the instance, and answers its value as a number.</summary>
    public static string Driver(string script)
    {
        var bytes = Encoding.UTF8.GetByteCount(script);
        return string.Create(CultureInfo.InvariantCulture, $"""
            (module
              (import "a" "a" (memory 256 32768))
              (import "quickjs" "t" (func $constructors))
              (import "quickjs" "u" (func $malloc (param i32) (result i32)))
              (import "quickjs" "H" (func $newRuntime (result i32)))
              (import "quickjs" "K" (func $newContext (param i32 i32) (result i32)))
              (import "quickjs" "ma" (func $eval (param i32 i32 i32 i32 i32 i32) (result i32)))
              (import "quickjs" "W" (func $getFloat64 (param i32 i32) (result f64)))
              (import "quickjs" "N" (func $freeValue (param i32 i32)))
              (data $script "{Escape(script)}\00eval.js\00")
              (global $context (mut i32) (i32.const 0))
              (global $text (mut i32) (i32.const 0))
              (global $runtime (mut i32) (i32.const 0))
              (func $start
                call $constructors
                (global.set $runtime (call $newRuntime))
                (global.set $context (call $newContext (global.get $runtime) (i32.const 0)))
                (global.set $text (call $malloc (i32.const {bytes + 9})))
                (memory.init $script (global.get $text) (i32.const 0) (i32.const {bytes + 9})))
              (start $start)
              (func (export "run") (result f64) (local $value i32) (local $number f64)
                (local.set $value (call $eval
                  (global.get $context) (global.get $text) (i32.const {bytes})
                  (i32.add (global.get $text) (i32.const {bytes + 1})) (i32.const 0) (i32.const 0)))
                (local.set $number (call $getFloat64 (global.get $context) (local.get $value)))
                (call $freeValue (global.get $runtime) (local.get $value))
                local.get $number))
            """);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            escaped.Append(CultureInfo.InvariantCulture, $"\\{part:x2}");
        }

        return escaped.ToString();
    }
}
