using System.Collections.Concurrent;
using System.Text;

namespace HostService.Host.Integration;

/// <summary>Small programs in text form.</summary>
internal static class Wat
{
    private static readonly ConcurrentDictionary<string, byte[]> s_binaries = new();

    public const string Add = """
        (module
          (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
        """;

    /// <summary>Answers its arguments, one function for each type.</summary>
    public const string Identity = """
        (module
          (func (export "i32") (param i32) (result i32) (local.get 0))
          (func (export "i64") (param i64) (result i64) (local.get 0))
          (func (export "f32") (param f32) (result f32) (local.get 0))
          (func (export "f64") (param f64) (result f64) (local.get 0))
          (func (export "none"))
          (func (export "several") (param i32 f64) (result i64 f32 i32) (i64.const -1) (f32.const 0.1) (local.get 0))
          (func (export "externref") (param externref))
          (func (export "v128") (param v128))
          (func (export "gives_v128") (result v128) (v128.const i32x4 0 0 0 0))
          (memory (export "memory") 1)
          (global (export "global") i32 (i32.const 1)))
        """;

    public const string Spin = """
        (module (func (export "spin") (loop $again (br $again))))
        """;

    /// <summary>Answers the environment: its variables, each ended by a zero byte.</summary>
    public const string Environment = """
        (module
          (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 2)
          (data (i32.const 100) "Content-Type: text/plain\n\n")
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (drop (call $get (i32.const 1024) (i32.const 65536)))
            (i32.store (i32.const 16) (i32.const 100)) (i32.store (i32.const 20) (i32.const 26))
            (i32.store (i32.const 24) (i32.const 65536)) (i32.store (i32.const 28) (i32.load (i32.const 4)))
            (drop (call $write (i32.const 1) (i32.const 16) (i32.const 2) (i32.const 32)))))
        """;

    /// <summary>Writes its arguments to standard output, each ended by a zero byte.</summary>
    public const string Arguments = """
        (module
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 2)
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (drop (call $get (i32.const 1024) (i32.const 65536)))
            (i32.store (i32.const 16) (i32.const 65536)) (i32.store (i32.const 20) (i32.load (i32.const 4)))
            (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32)))))
        """;

    /// <summary>Answers the request's body, piece by piece, and says so first.</summary>
    public const string Echo = """
        (module
          (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 2)
          (data (i32.const 100) "Content-Type: application/octet-stream\n\n")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 40))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
            (loop $again
              (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 65536))
              (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)) (then (unreachable)))
              (i32.store (i32.const 4) (i32.load (i32.const 32)))
              (if (i32.load (i32.const 32))
                (then
                  (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 36)))
                  (br $again))))))
        """;

    /// <summary>A command that writes texts to descriptors and then does something more.</summary>
    public static string Print(string standardOutput, string then = "", string standardError = "") => $$"""
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 4)
          (data (i32.const 1024) "{{Escape(standardOutput)}}")
          (data (i32.const 131072) "{{Escape(standardError)}}")
          (func $crash (unreachable))
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const {{Encoding.Latin1.GetByteCount(standardOutput)}}))
            (if (i32.load (i32.const 4)) (then (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))))
            (i32.store (i32.const 0) (i32.const 131072)) (i32.store (i32.const 4) (i32.const {{Encoding.Latin1.GetByteCount(standardError)}}))
            (if (i32.load (i32.const 4)) (then (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 32)))))
            {{then}}))
        """;

    public static byte[] Binary(string wat) => s_binaries.GetOrAdd(wat, static text => Wasmtime.Module.ConvertText(text));

    // Each character is a byte.
    private static string Escape(string text) => string.Concat(Encoding.Latin1.GetBytes(text).Select(value => $"\\{value:x2}"));
}
