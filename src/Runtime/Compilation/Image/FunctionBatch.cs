using System.Buffers.Binary;
using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.Image;

/// <summary>The compiled bodies of a run of functions: what one core hands over at a time.</summary>
internal sealed class FunctionBatch
{
    private const int HeaderBytes = CodeImage.MethodHeaderBytes;
    private const int SectionHeaderBytes = 4;
    private const int ClauseBytes = 24;
    private const int TokenPosition = 8;

    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    /// <summary>The bodies in order. A function that is split has two: the one that its callers call, then the one with its code.</summary>
    public List<MethodBody> Bodies { get; } = [];

    /// <summary>The sites of all functions, as <see cref="AddressMap"/> has them.</summary>
    public List<byte> Sites { get; } = [];

    /// <summary>For each function, where in <see cref="Sites"/> its own end.</summary>
    public List<int> SiteEnds { get; } = [];

    /// <summary>The functions whose optimisation is to be tried first; see <see cref="CompiledCode.Suspects"/>.</summary>
    public List<int> Suspects { get; } = [];

    /// <summary>The functions whose compilation without optimisation is to be tried first.</summary>
    public List<int> UnoptimizedSuspects { get; } = [];

    /// <summary>How many of the functions RyuJIT will not optimise.</summary>
    public OptimizerLimitCounts OverLimits { get; set; }

    /// <summary>Headers and code.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Makes room for a body, each aligned to four bytes, and writes its header but for the locals' token.</summary>
    /// <returns>The position of the code.</returns>
    public int Reserve(int codeBytes, int maxStack, int regions = 0)
    {
        var start = (_length + 3) & ~3;
        var end = start + HeaderBytes + codeBytes;
        if (regions > 0)
        {
            end = ((end + 3) & ~3) + SectionHeaderBytes + (regions * ClauseBytes);
        }

        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        }

        // A fat header: three words long, locals not cleared. ECMA-335, II.25.4.3.
        var header = _bytes.AsSpan(start);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(regions > 0 ? 0x300B : 0x3003));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], checked((ushort)maxStack));
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], codeBytes);
        _length = end;
        return start + HeaderBytes;
    }

    /// <summary>Writes the section with a body's protected regions, for which <see cref="Reserve"/> made room. ECMA-335, II.25.4.6.</summary>
    public void WriteRegions(int codePosition, ILWriter il)
    {
        if (il.Regions.Count == 0)
        {
            return;
        }

        // Exception table, fat; a section's length has 24 bits, which is some 700,000 regions.
        var position = (codePosition + il.Length + 3) & ~3;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), 0x41 | ((SectionHeaderBytes + (il.Regions.Count * ClauseBytes)) << 8));
        position += SectionHeaderBytes;
        foreach (var region in il.Regions)
        {
            ReadOnlySpan<int> words =
            [
                0, il.FinalOffset(region.TryStart), region.TryLength, il.FinalOffset(region.HandlerStart), region.HandlerLength,
                region.ExceptionToken,
            ];
            foreach (var word in words)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), word);
                position += sizeof(int);
            }
        }
    }

    /// <summary>The code of a body.</summary>
    public Span<byte> Code(int position, int length) => _bytes.AsSpan(position, length);

    /// <summary>Adds a body whose code is written.</summary>
    public void Add(int function, int codePosition, byte[] locals, int callPatch = -1) =>
        Bodies.Add(new MethodBody(function, codePosition - HeaderBytes, locals, callPatch));

    /// <summary>Fills in the token of a body's locals.</summary>
    public void SetLocals(in MethodBody body, int token) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(body.Position + TokenPosition), token);

    /// <summary>Fills in the token of the method that an entry stub calls.</summary>
    public void SetCall(in MethodBody stub, int token) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(stub.CallPatch), token);

    /// <summary>Copies everything to where it stays.</summary>
    public void CopyTo(BlobBuilder stream)
    {
        stream.Align(4);
        stream.WriteBytes(_bytes, 0, _length);
    }
}

/// <summary>One method body of a batch.</summary>
/// <param name="Function">The defined function.</param>
/// <param name="Position">Where its header begins.</param>
/// <param name="Locals">The signature of its locals; empty when it has none.</param>
/// <param name="CallPatch">For an entry stub, where the token of the method it calls belongs; else −1.</param>
internal readonly record struct MethodBody(int Function, int Position, byte[] Locals, int CallPatch);
