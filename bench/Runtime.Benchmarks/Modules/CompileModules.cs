using System.Globalization;
using System.Text;

namespace HostService.Runtime.Benchmarks.Modules;

/// <summary>Modules of a chosen number of functions with ordinary bodies, for compile throughput.</summary>
internal static class CompileModules
{
    /// <summary>
    /// <paramref name="count"/> functions, each a loop with memory access, 64-bit and floating-point arithmetic and a call of the one before it.
    /// <c>run</c> calls the last function, so a lazy compiler compiles the whole chain on the first call.
    /// </summary>
    public static string Chain(int count)
    {
        var text = new StringBuilder("(module (memory (export \"memory\") 1)\n");
        for (var i = 0; i < count; i++)
            text.AppendLine(Function(i));
        text.Append(CultureInfo.InvariantCulture, $"(func (export \"run\") (param i32) (result i32) (call $f{count - 1} (local.get 0))))");
        return text.ToString();
    }

    private static string Function(int index) => $"""
        (func $f{index} (param $n i32) (result i32) (local $i i32) (local $sum i64) (local $x f64)
          (local.set $i (i32.and (local.get $n) (i32.const 7)))
          (local.set $x (f64.const {index}.5))
          (block $done
            (loop $next
              (br_if $done (i32.eqz (local.get $i)))
              (i32.store offset={index % 1024 * 8} (i32.shl (local.get $i) (i32.const 3)) (i32.add (local.get $n) (i32.const {index})))
              (local.set $sum (i64.add (i64.rotl (local.get $sum) (i64.const {index % 63 + 1}))
                (i64.load32_u offset={index % 512 * 8} (i32.shl (local.get $i) (i32.const 3)))))
              (if (f64.lt (local.get $x) (f64.const 1000))
                (then (local.set $x (f64.add (f64.mul (local.get $x) (f64.const 1.25)) (f64.convert_i32_s (local.get $i)))))
                (else (local.set $sum (i64.xor (local.get $sum) (i64.const {index * 77})))))
              (local.set $i (i32.sub (local.get $i) (i32.const 1)))
              (br $next)))
          (i32.add (i32.wrap_i64 (local.get $sum))
            {(index == 0 ? "(i32.trunc_sat_f64_s (local.get $x))" : $"(call $f{index - 1} (i32.add (local.get $n) (i32.trunc_sat_f64_s (local.get $x))))")}))
        """;
}
