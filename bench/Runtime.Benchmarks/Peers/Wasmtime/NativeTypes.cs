using System.Runtime.InteropServices;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

/// <summary><c>wasm_byte_vec_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ByteVector
{
    public nuint Length;
    public byte* Data;
}

/// <summary><c>wasm_valtype_vec_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PointerVector
{
    public nuint Length;
    public nint* Data;
}

/// <summary><c>wasmtime_instance_t</c> and <c>wasmtime_func_t</c>, which have the same layout: a store's identity and a word of Wasmtime's own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Handle
{
    public ulong Store;
    public nuint Private;
}

/// <summary><c>wasmtime_memory_t</c>: the first two fields are a structure of their own in C, hence the gap before the third.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct MemoryHandle
{
    [FieldOffset(0)] public ulong Store;
    [FieldOffset(8)] public uint Private1;
    [FieldOffset(16)] public uint Private2;
}

/// <summary><c>wasmtime_extern_t</c>: a kind and a union of 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct Extern
{
    public const byte FunctionKind = 0;
    public const byte MemoryKind = 3;

    [FieldOffset(0)] public byte Kind;
    [FieldOffset(8)] public Handle Function;
    [FieldOffset(8)] public MemoryHandle Memory;
}

/// <summary><c>wasmtime_val_raw_t</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct RawValue
{
    [FieldOffset(0)] public int I32;
    [FieldOffset(0)] public long I64;
    [FieldOffset(0)] public float F32;
    [FieldOffset(0)] public double F64;
    [FieldOffset(0)] public ulong Bits;
    [FieldOffset(8)] private readonly ulong _high;
}

/// <summary><c>wasmtime_val_t</c>: a kind and a union of 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct TaggedValue
{
    [FieldOffset(0)] public byte Kind;
    [FieldOffset(8)] public int I32;
}

/// <summary>Value kinds, the same numbers in <c>wasm_valkind_t</c> and <c>wasmtime_valkind_t</c> for the four numeric types.</summary>
internal static class ValueKind
{
    public const byte I32 = 0;
    public const byte I64 = 1;
    public const byte F32 = 2;
    public const byte F64 = 3;
}
