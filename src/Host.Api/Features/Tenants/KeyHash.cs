using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>The SHA-256 of a key, which stands for it wherever it is kept or compared.</summary>
/// <remarks>
/// A plain hash is enough: keys are 256 random bits, so there is nothing to guess from a list of likely ones. Looking up by hash leaks nothing by its
/// duration either, because whoever presents a key can't choose what its hash begins with. See docs/adr/0008.
/// </remarks>
internal readonly record struct KeyHash
{
    private const int Length = 32;
    private const int IdLength = 8;
    private readonly ulong _a, _b, _c, _d;

    private KeyHash(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(ApiKeys.MaxKeyLength)];
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
        return new KeyHash(hash);
    }

    /// <summary>The hash of a key that is stored.</summary>
    public static KeyHash Of(StoredKey key) => new(key.Hash.AsSpan());

    /// <summary>What a key is called where it can't be shown: the first 64 bits of its hash, which whoever holds the key can compute and nobody can turn back.</summary>
    public static string IdOf(StoredKey key) => Convert.ToHexStringLower(key.Hash.AsSpan()[..IdLength]);

    public byte[] ToArray() => [.. MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this))];

    /// <summary>Compares in a time that doesn't depend on where the two differ.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)), other);

    /// <inheritdoc cref="FixedTimeEquals(ReadOnlySpan{byte})"/>
    public bool FixedTimeEquals(in KeyHash other) => FixedTimeEquals(MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in other)));
}
