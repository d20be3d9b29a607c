namespace HostService.Runtime.Fuzz.Validation;

/// <summary>Damages binaries at random, reproducibly from a seed.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed)
{
    // Bytes that mean something in many places: type codes, block types, common opcodes, LEB128 continuations, prefixes.
    private static readonly byte[] s_telling =
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0E, 0x10, 0x11, 0x1A, 0x1B, 0x1C, 0x1F, 0x20, 0x21, 0x28, 0x36, 0x3F, 0x40, 0x41, 0x42,
        0x60, 0x63, 0x64, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x73, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xD0, 0xD1, 0xD2, 0xD4, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF,
    ];

    private const int HeaderBytes = 8;
    private readonly Random _random = new(seed);

    /// <summary>The next damaged binary.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(corpus[_random.Next(corpus.Count)]);
        for (var changes = 1 + _random.Next(3); changes > 0; changes--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        if (bytes.Count <= HeaderBytes)
        {
            bytes.Add(Telling());
            return;
        }

        // The header is left alone: damaging it ends the matter.
        var at = _random.Next(HeaderBytes, bytes.Count);
        switch (_random.Next(7))
        {
            case 0: bytes[at] = (byte)_random.Next(256); break;
            case 1: bytes[at] = Telling(); break;
            case 2: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 3: bytes[at] = (byte)(bytes[at] + _random.Next(-2, 3)); break;
            case 4: bytes.Insert(at, Telling()); break;
            case 5: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + _random.Next(4))); break;
            default: Splice(bytes, at); break;
        }
    }

    // A piece of another binary in place of one of this, so that lengths often still fit.
    private void Splice(List<byte> bytes, int at)
    {
        var other = corpus[_random.Next(corpus.Count)];
        if (other.Length <= HeaderBytes)
        {
            return;
        }

        var from = _random.Next(HeaderBytes, other.Length);
        var length = Math.Min(Math.Min(other.Length - from, bytes.Count - at), 1 + _random.Next(16));
        for (var i = 0; i < length; i++)
        {
            bytes[at + i] = other[from + i];
        }
    }

    private byte Telling() => s_telling[_random.Next(s_telling.Length)];
}
