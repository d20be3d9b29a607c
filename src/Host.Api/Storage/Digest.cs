using System.Diagnostics.CodeAnalysis;

namespace HostService.Host.Storage;

/// <summary>The SHA-256 of a binary. Its text is <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 digits alone, which are a safe file name.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("The digest was never set.");

    /// <summary>Makes a digest from the 32 bytes of a hash.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32);
        return new Digest(Convert.ToHexStringLower(hash));
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is no digest.</exception>
    public static Digest Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal) && TryParseHex(text[Prefix.Length..], out var digest)
            ? digest
            : throw new FormatException($"\"{text}\" is no SHA-256 digest.");
    }

    /// <summary>Reads the digits alone, as a file is named.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? hex, out Digest digest)
    {
        var fits = hex is { Length: 64 } && hex.All(char.IsAsciiHexDigitLower);
        digest = fits ? new Digest(hex!) : default;
        return fits;
    }

    /// <inheritdoc/>
    public override string ToString() => Prefix + Hex;
}
