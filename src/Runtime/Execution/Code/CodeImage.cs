using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace HostService.Runtime.Execution.Code;

/// <summary>A PE image of compiled functions, and the few bytes of it that differ from one loading to the next.</summary>
/// <remarks>
/// IL is the same whether RyuJIT is to optimise it or not: that is one bit in the row of each method. So a module's two codes are one image, loaded twice with
/// different bits, and under different names, because the CLR binds assemblies of the same name to each other. Thread-safe. See docs/adr/0050.
/// </remarks>
internal sealed class CodeImage
{
    // RVA, then ImplFlags: ECMA-335, II.22.26.
    private const int ImplementationOffset = 4;
    private const string NameStart = "wasm-";

    /// <summary>Before the code of each method: every method has a fat header (ECMA-335, II.25.4.3).</summary>
    public const int MethodHeaderBytes = 12;

    private const int NameDigits = 32;
    private const int PieceBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly byte[] _bytes;
    private readonly int _nameOffset;
    private readonly int _mvidOffset;
    private readonly int _methodRows;
    private readonly int _methodRowSize;
    private readonly int _methodCount;
    private readonly int _addressToOffset;
    private bool _isNeutral; // guarded by _lock: whether the bytes are as they are stored
    private int _markCount; // guarded by _lock: how many methods have a mark in the bytes as they are

    /// <summary>Finds the places to patch.</summary>
    /// <param name="bytes">The image, whose assembly is called <see cref="AssemblyName"/>. It is kept and patched in place.</param>
    public unsafe CodeImage(byte[] bytes)
    {
        _bytes = bytes;
        fixed (byte* start = bytes)
        {
            using var portable = new PEReader(start, bytes.Length);
            var metadata = portable.GetMetadataReader();
            var origin = portable.PEHeaders.MetadataStartOffset;

            // All is in one section: metadata, then the bodies.
            var section = portable.PEHeaders.SectionHeaders[portable.PEHeaders.GetContainingSectionIndex(portable.PEHeaders.CorHeader!.MetadataDirectory.RelativeVirtualAddress)];
            _addressToOffset = section.PointerToRawData - section.VirtualAddress;
            _nameOffset = origin + metadata.GetHeapMetadataOffset(HeapIndex.String)
                + MetadataTokens.GetHeapOffset(metadata.GetAssemblyDefinition().Name) + NameStart.Length;

            // Heap offsets of GUIDs count GUIDs, from one.
            _mvidOffset = origin + metadata.GetHeapMetadataOffset(HeapIndex.Guid)
                + ((MetadataTokens.GetHeapOffset(metadata.GetModuleDefinition().Mvid) - 1) * 16);
            _methodRows = origin + metadata.GetTableMetadataOffset(TableIndex.MethodDef);
            _methodRowSize = metadata.GetTableRowSize(TableIndex.MethodDef);
            _methodCount = metadata.GetTableRowCount(TableIndex.MethodDef);
        }
    }

    /// <summary>What the compiler calls the assembly. Its end is no other string's, so that no other string shares its bytes in the heap.</summary>
    public static string AssemblyName { get; } = NameStart + new string('0', NameDigits) + ".code";

    /// <summary>The length in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Gives the image an identity of its own and loads it, which copies it.</summary>
    /// <param name="optimize">Whether RyuJIT is to optimise its methods.</param>
    /// <param name="marks">A byte for each function, which are the first methods, that it sets when it runs; empty for code that doesn't note it. They must not move.</param>
    /// <param name="load">Loads it; must not keep the stream.</param>
    public Assembly Load(bool optimize, ReadOnlySpan<byte> marks, Func<Stream, Assembly> load)
    {
        lock (_lock)
        {
            _isNeutral = false;
            Patch(Guid.NewGuid(), optimize);
            SetMarks(marks);
            return load(new MemoryStream(_bytes, writable: false));
        }
    }

    /// <summary>The image as it is to be stored: with no address in it.</summary>
    public byte[] ToArray()
    {
        var copy = new MemoryStream(Length);
        CopyTo(copy.Write);
        return copy.GetBuffer();
    }

    /// <summary>Hands over the image as it is to be stored, with no address in it, piece by piece.</summary>
    /// <remarks>Between pieces it may be loaded, so that nobody waits for what takes them, and is then put back to that state.</remarks>
    public void CopyTo(TakePiece take)
    {
        var buffer = new byte[Math.Min(Length, PieceBytes)];
        for (var start = 0; start < Length; start += buffer.Length)
        {
            var piece = buffer.AsSpan(0, Math.Min(buffer.Length, Length - start));
            lock (_lock)
            {
                if (!_isNeutral)
                {
                    Patch(Guid.Empty, optimize: true);
                    SetMarks([]);
                    _isNeutral = true;
                }

                _bytes.AsSpan(start, piece.Length).CopyTo(piece);
            }

            take(piece);
        }
    }

    /// <summary>Takes some bytes, which are only lent.</summary>
    public delegate void TakePiece(ReadOnlySpan<byte> piece);

    private unsafe void SetMarks(ReadOnlySpan<byte> marks)
    {
        if (marks.IsEmpty)
        {
            for (; _markCount > 0; _markCount--)
            {
                EntryMark.Clear(CodeOf(_markCount - 1));
            }

            return;
        }

        _markCount = marks.Length;
        var first = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(marks));
        for (var function = 0; function < marks.Length; function++)
        {
            EntryMark.Set(CodeOf(function), first + function);
        }
    }

    private Span<byte> CodeOf(int method)
    {
        var address = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_methodRows + (method * _methodRowSize)));
        return _bytes.AsSpan(address + _addressToOffset + MethodHeaderBytes);
    }

    private void Patch(Guid identity, bool optimize)
    {
        Encoding.ASCII.GetBytes(identity.ToString("N"), _bytes.AsSpan(_nameOffset, NameDigits));
        identity.TryWriteBytes(_bytes.AsSpan(_mvidOffset));
        for (var row = 0; row < _methodCount; row++)
        {
            var flags = _bytes.AsSpan(_methodRows + (row * _methodRowSize) + ImplementationOffset);
            var others = BinaryPrimitives.ReadUInt16LittleEndian(flags) & ~(int)MethodImplAttributes.NoOptimization;
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(others | (optimize ? 0 : (int)MethodImplAttributes.NoOptimization)));
        }
    }
}
