using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Code;

/// <summary>Reads what <see cref="ArtifactWriter"/> wrote. Nothing of it may be used before <see cref="End"/>, which checks that it is whole.</summary>
/// <remarks>
/// Lengths are read before the hash can be checked, so none is believed that is longer than what is left of the content, and where it isn't known how long the stream is, memory is allocated only as
/// bytes come in.
/// </remarks>
internal sealed class ArtifactReader(Stream source) : IDisposable
{
    private const int StepBytes = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _left; // of the content

    /// <summary>Reads the header.</summary>
    /// <exception cref="StoredModuleException">It is none, or of another format, or the stream has another length than it says.</exception>
    public void Begin()
    {
        Span<byte> header = stackalloc byte[ArtifactWriter.HeaderBytes];
        var read = source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (!header[..Math.Min(read, ArtifactWriter.Magic.Length)].SequenceEqual(ArtifactWriter.Magic[..Math.Min(read, ArtifactWriter.Magic.Length)]))
        {
            throw new StoredModuleException("This is no stored module.");
        }

        if (read < header.Length)
        {
            throw new StoredModuleException($"The stored module is truncated: {read} bytes are less than a header.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[ArtifactWriter.Magic.Length..]) is var format and not ArtifactWriter.Format)
        {
            throw new StoredModuleException($"The stored module has format {format}; this engine reads format {ArtifactWriter.Format}.");
        }

        _left = BinaryPrimitives.ReadInt64LittleEndian(header[ArtifactWriter.LengthOffset..]);
        if (_left < 0 || (source.CanSeek && source.Length - source.Position != _left + SHA256.HashSizeInBytes))
        {
            throw new StoredModuleException(
                $"The stored module is truncated or has something after its end: {_left} bytes of content were written" + (source.CanSeek ? $", {source.Length - source.Position - SHA256.HashSizeInBytes} are there." : "."));
        }

        _hash.AppendData(header);
    }

    public int Number()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Read(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public byte[] Bytes()
    {
        var length = Length(elementBytes: 1);
        var bytes = new byte[source.CanSeek ? length : Math.Min(length, StepBytes)];
        for (var start = 0; ;)
        {
            Read(bytes.AsSpan(start));
            if (bytes.Length == length)
            {
                return bytes;
            }

            start = bytes.Length;
            Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
        }
    }

    /// <summary>Reads a list, which begins with the number of its bytes.</summary>
    public int[] List()
    {
        var list = new int[Length(sizeof(int)) / sizeof(int)];
        Read(MemoryMarshal.AsBytes(list.AsSpan()));
        return list;
    }

    /// <summary>Passes over what is left of the content.</summary>
    public void SkipRest()
    {
        var buffer = new byte[(int)Math.Min(_left, StepBytes)];
        while (_left > 0)
        {
            Read(buffer.AsSpan(0, (int)Math.Min(_left, buffer.Length)));
        }
    }

    /// <summary>Checks that all of it was read as it was written.</summary>
    /// <exception cref="StoredModuleException">It wasn't.</exception>
    public void End()
    {
        if (_left != 0)
        {
            throw Damaged();
        }

        Span<byte> written = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> read = stackalloc byte[SHA256.HashSizeInBytes];
        Fill(written);
        _hash.GetHashAndReset(read);
        if (!written.SequenceEqual(read))
        {
            throw Damaged();
        }
    }

    public void Dispose() => _hash.Dispose();

    private static StoredModuleException Damaged() => new("The stored module is damaged: its content doesn't have the SHA-256 that was written with it.");

    private int Length(int elementBytes)
    {
        var length = Number();
        return length >= 0 && length <= _left && length % elementBytes == 0 ? length : throw Damaged();
    }

    private void Read(Span<byte> bytes)
    {
        if (bytes.Length > _left)
        {
            throw Damaged();
        }

        Fill(bytes);
        _hash.AppendData(bytes);
        _left -= bytes.Length;
    }

    private void Fill(Span<byte> bytes)
    {
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new StoredModuleException("The stored module is truncated: it ends before all of its content was read.");
        }
    }
}
