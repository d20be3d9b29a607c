using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Code;

/// <summary>The stored form of a compiled module. See docs/adr/0051 and docs/adr/0104.</summary>
/// <remarks>
/// <code>
/// "hs-wasm\n"  u32 format  u32 zero  u64 length of the content; then the content:
/// identity  name  binary  first row  split functions  suspects  unoptimised suspects  functions over limits  verdict  address map (ends, sites)  functions that ran  image
/// SHA-256 of all before it
/// </code>
/// Texts, bytes and lists begin with their length. Numbers are little-endian; lists are copied as they are, which the identity, naming the processor, makes sound. It is written and read from its start to its end, so
/// that no copy of it need be in memory; what is read is used only once the hash has proved right.
/// </remarks>
/// <param name="Name">The module's name, or null.</param>
/// <param name="Binary">The WebAssembly binary.</param>
/// <param name="Code">Its code.</param>
/// <param name="Verdict">What came of trying to optimise it, or null.</param>
/// <param name="Profile">Which functions, imported ones not counted, are known to have run.</param>
internal sealed record StoredModule(string? Name, ReadOnlyMemory<byte> Binary, CompiledCode Code, CompilationVerdict? Verdict, int[] Profile)
{
    /// <summary>Writes it.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="identity">What must be the same where it is read.</param>
    public void Write(Stream destination, string identity)
    {
        var map = Code.Addresses.Parts;
        var (identityText, name, verdict, limits) = (Encoding.UTF8.GetBytes(identity), Encoding.UTF8.GetBytes(Name ?? ""), VerdictBytes(), LimitList(Code.OverLimits));
        using var writer = new ArtifactWriter(destination);
        writer.Begin(LengthOf(identityText, name, verdict, limits));
        writer.Bytes(identityText);
        writer.Bytes(name);
        writer.Bytes(Binary.Span);
        writer.Number(Code.FirstFunctionRow);
        writer.List(Code.SplitFunctions);
        writer.List(Code.Suspects);
        writer.List(Code.UnoptimizedSuspects);
        writer.List(limits);
        writer.Bytes(verdict);
        writer.List(map.Ends);
        writer.Bytes(map.Sites);
        writer.List(Profile);
        writer.Number(Code.Image.Length);
        Code.Image.CopyTo(writer.Raw);
        writer.End();
    }

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public long SizeOf(string identity) =>
        ArtifactWriter.FrameBytes + LengthOf(Encoding.UTF8.GetBytes(identity), Encoding.UTF8.GetBytes(Name ?? ""), VerdictBytes(), LimitList(Code.OverLimits));

    /// <summary>Reads it, and checks that it is whole.</summary>
    /// <param name="source">What <see cref="Write"/> wrote, from where it stands to the artifact's end and no further.</param>
    /// <param name="identity">What it must have been written for.</param>
    /// <exception cref="StoredModuleException">It is damaged or for something else.</exception>
    public static StoredModule Read(Stream source, string identity)
    {
        using var reader = new ArtifactReader(source);
        reader.Begin();
        var stored = reader.Bytes();
        if (!stored.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(identity)))
        {
            reader.SkipRest();
            reader.End();
            throw new StoredModuleException($"The stored module is for [{Encoding.UTF8.GetString(stored)}]; this is [{identity}].");
        }

        var (name, binary, firstRow) = (reader.Bytes(), reader.Bytes(), reader.Number());
        var (split, suspects, unoptimizedSuspects, limits) = (reader.List(), reader.List(), reader.List(), reader.List());
        var verdict = reader.Bytes();
        var (ends, sites, profile, image) = (reader.List(), reader.Bytes(), reader.List(), reader.Bytes());
        reader.End();
        return new StoredModule(
            name.Length > 0 ? Encoding.UTF8.GetString(name) : null, binary,
            new CompiledCode
            {
                Image = new CodeImage(image),
                FirstFunctionRow = firstRow,
                SplitFunctions = split,
                Suspects = suspects,
                UnoptimizedSuspects = unoptimizedSuspects,
                OverLimits = new OptimizerLimitCounts(limits[0], limits[1], limits[2], limits[3], limits[4], limits[5]),
                Addresses = new AddressMap(ends, sites),
            },
            VerdictOf(verdict), profile);
    }

    /// <summary>Checks which binary it was made of.</summary>
    /// <param name="binarySha256">What the binary's SHA-256 must be.</param>
    /// <exception cref="StoredModuleException">It was made of another.</exception>
    public void ThrowIfNotOf(ReadOnlySpan<byte> binarySha256)
    {
        Span<byte> mine = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Binary.Span, mine);
        if (!mine.SequenceEqual(binarySha256))
        {
            throw new StoredModuleException(
                $"The stored module was made of the binary with SHA-256 {Convert.ToHexStringLower(mine)}, not of the one with {Convert.ToHexStringLower(binarySha256)}.");
        }
    }

    private static int[] LimitList(in OptimizerLimitCounts counts) => [counts.Functions, counts.CodeBytes, counts.Instructions, counts.Blocks, counts.Locals, counts.LocalUses];

    private long LengthOf(byte[] identity, byte[] name, byte[] verdict, int[] limits)
    {
        var map = Code.Addresses.Parts;
        ReadOnlySpan<int> lists =
            [Code.SplitFunctions.Length, Code.Suspects.Length, Code.UnoptimizedSuspects.Length, limits.Length, map.Ends.Length, Profile.Length];
        ReadOnlySpan<int> bytes = [identity.Length, name.Length, Binary.Length, verdict.Length, map.Sites.Length, Code.Image.Length];
        var length = (long)sizeof(int); // the first row
        foreach (var count in lists)
        {
            length += sizeof(int) + ((long)sizeof(int) * count);
        }

        foreach (var count in bytes)
        {
            length += sizeof(int) + (long)count;
        }

        return length;
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
}
