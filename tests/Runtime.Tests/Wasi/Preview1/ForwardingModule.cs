using System.Text;
using HostService.Runtime.Wasi.Preview1;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>A guest that exports each WASI function, and its memory: what a test calls, the guest calls.</summary>
internal static class ForwardingModule
{
    public const int MemoryPages = 16;

    /// <summary>
    /// <c>(module (import "wasi_snapshot_preview1" "fd_close" (func $0 (param i32) (result i32))) … (memory (export "memory") 16)
    /// (func (export "fd_close") (param i32) (result i32) local.get 0 call $0) …)</c>
    /// </summary>
    public static byte[] Build()
    {
        var functions = WasiPreview1.HostFunctions;
        var count = functions.Length;
        var module = new List<byte>([0, .. "asm"u8, 1, 0, 0, 0]);
        Section(module, 1, count, i => [0x60, .. Types(functions[i].Function.Type.Parameters), .. Types(functions[i].Function.Type.Results)]);
        Section(module, 2, count, i => [.. Name(functions[i].Module), .. Name(functions[i].Name), 0, .. Leb(i)]);
        Section(module, 3, count, Leb);
        Section(module, 5, 1, _ => [0, MemoryPages]);
        Section(module, 7, count + 1, i => i == count ? [.. Name("memory"), 2, 0] : [.. Name(functions[i].Name), 0, .. Leb(count + i)]);
        Section(module, 10, count, i => Sized([0, .. functions[i].Function.Type.Parameters.SelectMany((_, local) => new byte[] { 0x20, (byte)local }), 0x10, .. Leb(i), 0x0B]));
        return [.. module];
    }

    private static void Section(List<byte> module, byte id, int count, Func<int, byte[]> item)
    {
        module.Add(id);
        module.AddRange(Sized([.. Leb(count), .. Enumerable.Range(0, count).SelectMany(item)]));
    }

    private static byte[] Sized(byte[] bytes) => [.. Leb(bytes.Length), .. bytes];

    private static byte[] Name(string name) => Sized(Encoding.UTF8.GetBytes(name));

    private static byte[] Types(IReadOnlyCollection<ValueType> types) => [(byte)types.Count, .. types.Select(type => type == ValueType.I32 ? (byte)0x7F : (byte)0x7E)];

    private static byte[] Leb(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Leb(value >> 7)];
}
