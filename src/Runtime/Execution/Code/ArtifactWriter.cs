using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HostService.Runtime.Execution.Code;

/// <summary>Writes the parts of a <see cref="StoredModule"/> to a stream, and the hash of them after them.</summary>
internal sealed class ArtifactWriter(Stream destination) : IDisposable
{
    /// <summary>What <see cref="StoredModule"/> is written as today.</summary>
    public const uint Format = 5;

    /// <summary>The bytes before the content.</summary>
    public const int HeaderBytes = 24;

    /// <summary>Where in them the length of the content is.</summary>
    public const int LengthOffset = 16;

    /// <summary>All bytes but the content.</summary>
    public const int FrameBytes = HeaderBytes + SHA256.HashSizeInBytes;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>What an artifact begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "hs-wasm\n"u8;

    /// <summary>Writes the header.</summary>
    public void Begin(long contentBytes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Magic.Length..], Format);
        BinaryPrimitives.WriteInt64LittleEndian(header[LengthOffset..], contentBytes);
        Raw(header);
    }

    public void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Raw(bytes);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Raw(bytes);
    }

    /// <summary>Writes a list, which begins with the number of its bytes.</summary>
    public void List(ReadOnlySpan<int> list) => Bytes(MemoryMarshal.AsBytes(list));

    /// <summary>Writes bytes whose number was written before.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        destination.Write(bytes);
    }

    /// <summary>Writes the hash of all that was written.</summary>
    public void End()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        destination.Write(hash);
    }

    public void Dispose() => _hash.Dispose();
}
