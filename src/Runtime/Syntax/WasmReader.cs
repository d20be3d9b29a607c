using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace HostService.Runtime.Syntax;

/// <summary>Reads bytes, integers and names from a range of a binary. Positions count from the start of the binary.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/values.html">Spec: values</see></remarks>
internal ref partial struct WasmReader
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _binary;

    /// <summary>Reads from <paramref name="start"/> up to <paramref name="end"/>, which must lie within <paramref name="binary"/>.</summary>
    public WasmReader(ReadOnlySpan<byte> binary, int start, int end)
    {
        // The slice ends where reading must end, so that one span check is the only bounds check.
        _binary = binary[..end];
        Position = start;
    }

    /// <summary>Where the next byte will be read.</summary>
    public int Position;

    /// <summary>Where reading must end.</summary>
    public readonly int End => _binary.Length;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _binary.Length - Position;

    /// <summary>Whether no byte is left.</summary>
    public readonly bool AtEnd => Position >= _binary.Length;

    /// <summary>Reads one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        var binary = _binary;
        if ((uint)Position >= (uint)binary.Length)
        {
            ThrowUnexpectedEnd(binary.Length);
        }

        return binary[Position++];
    }

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > Remaining)
        {
            ThrowUnexpectedEnd(End);
        }

        var bytes = _binary.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>Reads four bytes, the lowest first.</summary>
    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>Reads eight bytes, the lowest first.</summary>
    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    /// <summary>Reads an unsigned LEB128 number of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadU32()
    {
        var binary = _binary;
        var position = Position;
        if ((uint)position < (uint)binary.Length && binary[position] < 0x80)
        {
            Position = position + 1;
            return binary[position];
        }

        return (uint)ReadUnsigned(32);
    }

    /// <summary>Reads an unsigned LEB128 number of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadU64()
    {
        var binary = _binary;
        var position = Position;
        if ((uint)position < (uint)binary.Length && binary[position] < 0x80)
        {
            Position = position + 1;
            return binary[position];
        }

        return ReadUnsigned(64);
    }

    /// <summary>Reads a signed LEB128 number of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadS32()
    {
        var binary = _binary;
        var position = Position;
        if ((uint)position < (uint)binary.Length && binary[position] < 0x80)
        {
            Position = position + 1;
            return (binary[position] << 25) >> 25;
        }

        return (int)ReadSigned(32);
    }

    /// <summary>Reads a signed LEB128 number of 33 bits, as block types and heap types are written.</summary>
    public long ReadS33() => ReadSigned(33);

    /// <summary>Reads a signed LEB128 number of 64 bits.</summary>
    public long ReadS64() => ReadSigned(64);

    /// <summary>
    /// Reads an index or a count that must fit a non-negative <see cref="int"/>; larger ones become <see cref="int.MaxValue"/>, which no space reaches.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadIndex()
    {
        var value = ReadU32();
        return value <= int.MaxValue ? (int)value : int.MaxValue;
    }

    /// <summary>
    /// Reads the length of a vector whose items take at least <paramref name="itemBytes"/> bytes each: a length that the rest can't hold is an error.
    /// </summary>
    public int ReadCount(int itemBytes = 1)
    {
        var start = Position;
        var count = ReadU32();
        if (count > (uint)Remaining / (uint)itemBytes)
        {
            ThrowMalformed("unexpected end of section or function", start);
        }

        return (int)count;
    }

    /// <summary>Reads a length in bytes that must lie within the rest.</summary>
    /// <param name="malformed">What is said of a length that does not.</param>
    public int ReadLength(string malformed = "length out of bounds")
    {
        var start = Position;
        var length = ReadU32();
        if (length > (uint)Remaining)
        {
            ThrowMalformed(malformed, start);
        }

        return (int)length;
    }

    /// <summary>Reads a name: a vector of bytes that must be UTF-8.</summary>
    public string ReadName()
    {
        var length = ReadLength();
        var start = Position;
        try
        {
            return s_strictUtf8.GetString(ReadBytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedModuleException("malformed UTF-8 encoding", start);
        }
    }

    private ulong ReadUnsigned(int bits)
    {
        var start = Position;
        ulong result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            if (shift + 7 > bits)
            {
                // The last byte that the width allows: no continuation, and no bit beyond the width.
                if (next >= 0x80)
                {
                    ThrowMalformed("integer representation too long", start);
                }

                if (next >> (bits - shift) != 0)
                {
                    ThrowMalformed("integer too large", start);
                }
            }

            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return result;
            }
        }
    }

    private long ReadSigned(int bits)
    {
        var start = Position;
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            if (shift + 7 > bits)
            {
                if (next >= 0x80)
                {
                    ThrowMalformed("integer representation too long", start);
                }

                // The bits beyond the width must repeat the sign.
                var beyond = (sbyte)(next << 1) >> (bits - shift);
                if (beyond is not (0 or -1))
                {
                    ThrowMalformed("integer too large", start);
                }
            }

            result |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                var unused = 64 - (shift + 7);
                return unused > 0 ? result << unused >> unused : result;
            }
        }
    }

    /// <summary>Bytes of the range, for a message.</summary>
    public readonly ReadOnlySpan<byte> Slice(int start, int end) => _binary[start..end];

    /// <summary>Reports bytes that are no WebAssembly.</summary>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowMalformed(string reason, int offset) => throw new MalformedModuleException(reason, offset);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowUnexpectedEnd(int offset) => throw new MalformedModuleException("unexpected end of section or function", offset);
}
