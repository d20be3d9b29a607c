using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using HostService.Runtime.Types;

namespace HostService.Runtime.CoreDumps;

/// <summary>Writes the pieces of the binary format that a core dump has.</summary>
internal sealed class CoreDumpWriter
{
    private const int PayloadBits = 7;
    private const int More = 1 << PayloadBits;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Byte(int value)
    {
        _bytes.GetSpan(1)[0] = (byte)value;
        _bytes.Advance(1);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Unsigned(ulong value)
    {
        for (; value >= More; value >>= PayloadBits)
        {
            Byte((int)(value & (More - 1)) | More);
        }

        Byte((int)value);
    }

    public void Signed(long value)
    {
        for (; value is < -(More >> 1) or >= More >> 1; value >>= PayloadBits)
        {
            Byte((int)(value & (More - 1)) | More);
        }

        Byte((int)value & (More - 1));
    }

    public void Name(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        Unsigned((ulong)text.Length);
        Raw(text);
    }

    /// <summary>A constant expression with a number.</summary>
    public void Constant(ValueKind kind, ulong low, ulong high)
    {
        const byte I32Const = 0x41, I64Const = 0x42, F32Const = 0x43, F64Const = 0x44, VectorPrefix = 0xFD, V128Const = 0x0C;
        Span<byte> bits = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bits, low);
        BinaryPrimitives.WriteUInt64LittleEndian(bits[8..], high);
        switch (kind)
        {
            case ValueKind.I32: Byte(I32Const); Signed((int)low); break;
            case ValueKind.I64: Byte(I64Const); Signed((long)low); break;
            case ValueKind.F32: Byte(F32Const); Raw(bits[..4]); break;
            case ValueKind.F64: Byte(F64Const); Raw(bits[..8]); break;
            default: Byte(VectorPrefix); Unsigned(V128Const); Raw(bits); break;
        }

        End();
    }

    /// <summary>The end of an expression.</summary>
    public void End() => Byte(0x0B);

    /// <summary>A section with what another writer wrote.</summary>
    public void Section(int id, CoreDumpWriter content)
    {
        Byte(id);
        Unsigned((ulong)content.Bytes.Length);
        Raw(content.Bytes);
    }

    /// <summary>A custom section.</summary>
    public void Custom(string name, Action<CoreDumpWriter> content)
    {
        var section = new CoreDumpWriter();
        section.Name(name);
        content(section);
        Section(0, section);
    }
}
