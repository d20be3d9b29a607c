using System.Buffers.Binary;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Writes the binary format.</summary>
internal sealed class WasmWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public WasmWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public WasmWriter Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public WasmWriter U32(uint value) => U64(value);

    public WasmWriter U64(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        return Byte((byte)value);
    }

    public WasmWriter Signed(long value)
    {
        while (value is < -64 or > 63)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        return Byte((byte)(value & 0x7F));
    }

    public WasmWriter Bits32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public WasmWriter Bits64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public WasmWriter Name(string value) => U32((uint)value.Length).Bytes(System.Text.Encoding.ASCII.GetBytes(value));

    /// <summary>A length and what it is the length of.</summary>
    public WasmWriter Sized(WasmWriter content) => U32((uint)content.Length).Bytes(content.ToArray());

    /// <summary>A section of a module.</summary>
    public WasmWriter Section(byte id, WasmWriter content) => Byte(id).Sized(content);
}
