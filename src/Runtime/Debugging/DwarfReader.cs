using System.Buffers.Binary;
using System.Text;

namespace HostService.Runtime.Debugging;

/// <summary>Reads from one section. Every read is checked; one past the end is a <see cref="DwarfException"/>.</summary>
/// <param name="section">The section.</param>
/// <param name="budget">What each read counts against.</param>
internal ref struct DwarfReader(ReadOnlySpan<byte> section, DwarfBudget budget)
{
    private const int PayloadBits = 7;
    private const int More = 1 << PayloadBits;

    // Paths and names are short; a text without end would be copied whole for each frame.
    private const int MaxStringBytes = 4096;

    // Looking for the end of a text is quick, but the text may be as long as the module.
    private const int TextBytesInStep = 64;

    private readonly ReadOnlySpan<byte> _section = section;
    private readonly DwarfBudget _budget = budget;
    private int _position;

    /// <summary>Where the next byte is read.</summary>
    public readonly int Position => _position;

    /// <summary>The length of the section.</summary>
    public readonly int Length => _section.Length;

    /// <summary>Whether offsets take eight bytes: said by the length of each unit.</summary>
    public bool Is64 { get; set; }

    /// <summary>Goes to a place of the section.</summary>
    public void Seek(ulong position)
    {
        _budget.Step();
        _position = position <= (ulong)_section.Length ? (int)position : throw new DwarfException($"Offset 0x{position:x} is beyond the section.");
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count) => Take(count);

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>An offset into a section.</summary>
    public ulong Offset() => Is64 ? U64() : U32();

    /// <summary>A number of a size that was read.</summary>
    public ulong Number(int bytes) => bytes switch
    {
        1 => U8(),
        2 => U16(),
        3 => U16() | ((ulong)U8() << 16),
        4 => U32(),
        8 => U64(),
        _ => throw new DwarfException($"There are no numbers of {bytes} bytes."),
    };

    /// <summary>An unsigned LEB128 number; bits above 64 are dropped.</summary>
    public ulong Uleb()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += PayloadBits)
        {
            var next = U8();
            value |= shift < 64 ? (ulong)(next & (More - 1)) << shift : 0;
            if (next < More)
            {
                return value;
            }
        }
    }

    /// <summary>A signed LEB128 number; bits above 64 are dropped.</summary>
    public long Sleb()
    {
        long value = 0;
        for (var shift = 0; ; shift += PayloadBits)
        {
            var next = U8();
            value |= shift < 64 ? (long)(next & (More - 1)) << shift : 0;
            if (next < More)
            {
                return shift + PayloadBits < 64 && (next & (More >> 1)) != 0 ? value | (-1L << (shift + PayloadBits)) : value;
            }
        }
    }

    /// <summary>A text that ends with a zero. What is no UTF-8 becomes replacement characters.</summary>
    public string Text()
    {
        var start = _position;
        SkipText();
        var length = Math.Min(_position - 1 - start, MaxStringBytes);
        _budget.Copy(length);
        return Encoding.UTF8.GetString(_section.Slice(start, length));
    }

    /// <summary>Passes over a text that ends with a zero.</summary>
    public void SkipText()
    {
        var length = _section[_position..].IndexOf((byte)0);
        _budget.Step((length < 0 ? _section.Length - _position : length) / TextBytesInStep);
        if (length < 0)
        {
            throw new DwarfException("A text does not end.");
        }

        Take((ulong)length + 1);
    }

    /// <summary>The length that a unit begins with, which says the size of its offsets too.</summary>
    /// <returns>Where the unit ends.</returns>
    public int UnitEnd()
    {
        const uint Long = 0xFFFF_FFFF;
        ulong length = U32();
        Is64 = length == Long;
        if (Is64)
        {
            length = U64();
        }

        return length <= (ulong)(Length - _position) ? _position + (int)length : throw new DwarfException($"A unit of {length} bytes is longer than its section.");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        _budget.Step();
        if (count > (ulong)(_section.Length - _position))
        {
            throw new DwarfException($"{count} bytes at 0x{_position:x} are beyond the section.");
        }

        var bytes = _section.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }
}
