using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Code;

/// <summary>The stored form of a compiled module. See docs/adr/0051.</summary>
/// <remarks>
/// <code>
/// "hs-wasm\n"  u32 format  u32 zero  u64 length of the content  SHA-256 of the content; 56 bytes, then the content:
/// identity  name  binary  first row  split functions  suspects  unoptimised suspects  verdict  address map (ends, sites)  functions that ran  image
/// </code>
/// Texts, bytes and lists begin with their length. Numbers are little-endian; lists are copied as they are, which the identity, naming the processor, makes sound.
/// </remarks>
/// <param name="Name">The module's name, or null.</param>
/// <param name="Binary">The WebAssembly binary.</param>
/// <param name="Code">Its code.</param>
/// <param name="Verdict">What came of trying to optimise it, or null.</param>
/// <param name="Profile">Which functions, imported ones not counted, are known to have run.</param>
internal sealed record StoredModule(string? Name, ReadOnlyMemory<byte> Binary, CompiledCode Code, CompilationVerdict? Verdict, int[] Profile)
{
    private const uint Format = 4;
    private const int HeaderBytes = 56;
    private const int LengthOffset = 16;
    private const int HashOffset = 24;

    private static ReadOnlySpan<byte> Magic => "hs-wasm\n"u8;

    /// <summary>Writes it.</summary>
    /// <param name="identity">What must be the same where it is read.</param>
    public byte[] Write(string identity)
    {
        var map = Code.Addresses.Parts;
        var (identityText, name) = (Encoding.UTF8.GetBytes(identity), Encoding.UTF8.GetBytes(Name ?? ""));
        var verdict = VerdictBytes();
        var size = HeaderBytes
            + SizeOf(identityText.Length) + SizeOf(name.Length) + SizeOf(Binary.Length) + sizeof(int)
            + SizeOf(Code.SplitFunctions) + SizeOf(Code.Suspects) + SizeOf(Code.UnoptimizedSuspects) + SizeOf(verdict.Length) + SizeOf(map.Ends) + SizeOf(map.Sites.Length)
            + SizeOf(Profile) + SizeOf(Code.Image.Length);
        var artifact = new byte[checked((int)size)];
        var writer = new Writer(artifact.AsSpan(HeaderBytes));
        writer.Bytes(identityText);
        writer.Bytes(name);
        writer.Bytes(Binary.Span);
        writer.Number(Code.FirstFunctionRow);
        writer.List(Code.SplitFunctions);
        writer.List(Code.Suspects);
        writer.List(Code.UnoptimizedSuspects);
        writer.Bytes(verdict);
        writer.List(map.Ends);
        writer.Bytes(map.Sites);
        writer.List(Profile);
        Code.Image.CopyTo(writer.Reserve(Code.Image.Length));

        Magic.CopyTo(artifact);
        BinaryPrimitives.WriteUInt32LittleEndian(artifact.AsSpan(Magic.Length), Format);
        BinaryPrimitives.WriteInt64LittleEndian(artifact.AsSpan(LengthOffset), artifact.Length - HeaderBytes);
        SHA256.HashData(artifact.AsSpan(HeaderBytes), artifact.AsSpan(HashOffset));
        return artifact;
    }

    /// <summary>Reads it, once its integrity is checked.</summary>
    /// <param name="artifact">What <see cref="Write"/> gave. Nothing of it is kept.</param>
    /// <param name="identity">What it must have been written for.</param>
    /// <exception cref="StoredModuleException">It is damaged or for something else.</exception>
    public static StoredModule Read(ReadOnlySpan<byte> artifact, string identity)
    {
        CheckHeader(artifact);
        var reader = new Reader(artifact[HeaderBytes..]);
        var stored = Encoding.UTF8.GetString(reader.Bytes());
        if (stored != identity)
        {
            throw new StoredModuleException($"The stored module is for [{stored}]; this is [{identity}].");
        }

        var name = Encoding.UTF8.GetString(reader.Bytes());
        var binary = reader.Bytes().ToArray();
        var firstRow = reader.Number();
        var (split, suspects, unoptimizedSuspects) = (reader.List(), reader.List(), reader.List());
        var verdict = VerdictOf(reader.Bytes());
        var addresses = new AddressMap(reader.List(), reader.Bytes().ToArray());
        var profile = reader.List();
        var image = new CodeImage(reader.Bytes().ToArray());
        return new StoredModule(
            name.Length > 0 ? name : null, binary,
            new CompiledCode
            {
                Image = image,
                FirstFunctionRow = firstRow,
                SplitFunctions = split,
                Suspects = suspects,
                UnoptimizedSuspects = unoptimizedSuspects,
                Addresses = addresses,
            },
            verdict, profile);
    }

    // Outcome, limit on time in ticks, limit on memory, reason; nothing when there is no verdict.
    private byte[] VerdictBytes() => Verdict is not { } verdict ? []
        : Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{(int)verdict.Outcome} {verdict.MaxProcessorTime.Ticks} {verdict.MaxMemoryBytes} {verdict.Reason}"));

    private static CompilationVerdict? VerdictOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes).Split(' ', 4);
        var numbers = parts[..3].Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new CompilationVerdict(
            (CompilationOutcome)numbers[0], parts[3].Length > 0 ? parts[3] : null, TimeSpan.FromTicks(numbers[1]), numbers[2]);
    }

    private static void CheckHeader(ReadOnlySpan<byte> artifact)
    {
        if (artifact.Length < HeaderBytes || !artifact.StartsWith(Magic))
        {
            throw new StoredModuleException(
                artifact.Length < HeaderBytes && Magic.StartsWith(artifact[..Math.Min(artifact.Length, Magic.Length)])
                    ? $"The stored module is truncated: {artifact.Length} bytes are less than a header."
                    : "This is no stored module.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(artifact[Magic.Length..]) is var format and not Format)
        {
            throw new StoredModuleException($"The stored module has format {format}; this engine reads format {Format}.");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(artifact[LengthOffset..]);
        if (length != artifact.Length - HeaderBytes)
        {
            throw new StoredModuleException($"The stored module is truncated or has something after its end: {length} bytes of content were written, {artifact.Length - HeaderBytes} are there.");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(artifact[HeaderBytes..], hash);
        if (!hash.SequenceEqual(artifact.Slice(HashOffset, SHA256.HashSizeInBytes)))
        {
            throw new StoredModuleException("The stored module is damaged: its content doesn't have the SHA-256 that was written with it.");
        }
    }

    private static long SizeOf(long bytes) => sizeof(int) + bytes;

    private static long SizeOf(int[] list) => sizeof(int) + ((long)sizeof(int) * list.Length);

    private ref struct Writer(Span<byte> left)
    {
        private Span<byte> _left = left;

        public void Number(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_left, value);
            _left = _left[sizeof(int)..];
        }

        public Span<byte> Reserve(int length)
        {
            Number(length);
            var reserved = _left[..length];
            _left = _left[length..];
            return reserved;
        }

        public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

        public void List(ReadOnlySpan<int> list) => Bytes(MemoryMarshal.AsBytes(list));
    }

    // The content has the right hash, so it is what Writer wrote.
    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public int Number()
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(_left);
            _left = _left[sizeof(int)..];
            return value;
        }

        public ReadOnlySpan<byte> Bytes()
        {
            var length = Number();
            var bytes = _left[..length];
            _left = _left[length..];
            return bytes;
        }

        public int[] List()
        {
            var bytes = Bytes();
            var list = new int[bytes.Length / sizeof(int)];
            bytes.CopyTo(MemoryMarshal.AsBytes(list.AsSpan()));
            return list;
        }
    }
}
