using System.Text;
using HostService.Support;

namespace HostService.Runtime.Tests.Trials;

/// <summary>Modules with a function whose shape is suspicious.</summary>
internal static class Suspicious
{
    /// <summary>What <c>run</c> of either returns: it does not call the large function, which is what a request would find too.</summary>
    public const int Result = 42;

    /// <summary>Suspicious to optimise: that takes half a second and a hundred megabytes.</summary>
    public static byte[] ToOptimize { get; } = Wat.ToBinary(
        $"""(module (func (export "run") (result i32) i32.const 42) (func $large (export "large") (param i32) {Repeat(600, "loop ")} {Repeat(600, "local.get 0 br_if 0 end ")}))""");

    /// <summary>Suspicious even without optimisation.</summary>
    public static byte[] ToCompileAtAll { get; } = Wat.ToBinary(
        $"""
        (module (func (export "run") (result i32) i32.const 42)
          (func $many (result {Repeat(1_000, "i64 ")}) {Repeat(1_000, "i64.const 1 ")})
          (func $huge (export "huge") {Repeat(150, $"call $many {Repeat(1_000, "drop ")}")}))
        """);

    private static string Repeat(int count, string piece) => new StringBuilder(count * piece.Length).Insert(0, piece, count).ToString();
}
