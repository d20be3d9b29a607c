using System.Runtime.InteropServices;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>Where the bytes of a <see cref="MemoryImage"/> are: a sealed memfd and a read-only view of it, or a block of the native heap.</summary>
internal sealed unsafe class ImageStorage : IDisposable
{
    private int _freed;

    private ImageStorage(ulong lengthBytes, byte* bytes, int fileDescriptor)
    {
        LengthBytes = lengthBytes;
        Bytes = bytes;
        FileDescriptor = fileDescriptor;
    }

    ~ImageStorage() => Free();

    /// <summary>No bytes at all.</summary>
    public static ImageStorage Empty { get; } = new(0, null, -1);

    /// <summary>Whether the bytes are gone: disposed, or finalized with the module.</summary>
    public bool IsFreed => Volatile.Read(ref _freed) != 0;

    public ulong LengthBytes { get; }

    public byte* Bytes { get; }

    public int FileDescriptor { get; }

    /// <summary>Stores <paramref name="segments"/> of a memory from <paramref name="startBytes"/> on.</summary>
    public static ImageStorage Create(ulong lengthBytes, ulong startBytes, IReadOnlyList<MemoryImageSegment> segments)
    {
        if (OperatingSystem.IsLinux() && TryCreateFile(lengthBytes, startBytes, segments) is { } stored)
            return stored;
        byte* block = (byte*)NativeMemory.AllocZeroed(checked((nuint)lengthBytes));
        Fill(block, startBytes, segments);
        return new ImageStorage(lengthBytes, block, -1);
    }

    /// <summary>Frees the bytes. A slot that has the memfd mapped keeps its mapping.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (LengthBytes == 0 || Interlocked.Exchange(ref _freed, 1) != 0)
            return;
        if (FileDescriptor < 0)
        {
            NativeMemory.Free(Bytes);
            return;
        }

        Libc.Unmap(Bytes, (nuint)LengthBytes);
        Libc.Close(FileDescriptor);
    }

    private static ImageStorage? TryCreateFile(ulong lengthBytes, ulong startBytes, IReadOnlyList<MemoryImageSegment> segments)
    {
        int file;
        fixed (byte* name = "wasm-memory-image\0"u8)
            file = Libc.MemfdCreate(name, Libc.MfdCloseOnExec | Libc.MfdAllowSealing);
        if (file < 0)
            return null;

        byte* view = FillFile(file, lengthBytes, startBytes, segments);
        if (view == null)
        {
            Libc.Close(file);
            return null;
        }

        return new ImageStorage(lengthBytes, view, file);
    }

    private static byte* FillFile(int file, ulong lengthBytes, ulong startBytes, IReadOnlyList<MemoryImageSegment> segments)
    {
        if (Libc.Truncate(file, checked((nint)lengthBytes)) != 0)
            return null;
        var writable = (byte*)Libc.Map(null, (nuint)lengthBytes, Libc.ProtReadWrite, Libc.MapShared, file, 0);
        if (writable == Libc.MapFailed)
            return null;
        Fill(writable, startBytes, segments);
        Libc.Unmap(writable, (nuint)lengthBytes);

        // From here on not even a bug of ours changes what other tenants' instances of this module start with.
        if (Libc.Control(file, Libc.FAddSeals, Libc.AllSeals) != 0)
            return null;
        var view = (byte*)Libc.Map(null, (nuint)lengthBytes, Libc.ProtRead, Libc.MapShared, file, 0);
        return view == Libc.MapFailed ? null : view;
    }

    private static void Fill(byte* target, ulong startBytes, IReadOnlyList<MemoryImageSegment> segments)
    {
        foreach (MemoryImageSegment segment in segments)
        {
            ReadOnlySpan<byte> bytes = segment.Bytes.Span;
            if (!bytes.IsEmpty)
                bytes.CopyTo(new Span<byte>(target + (segment.OffsetBytes - startBytes), bytes.Length));
        }
    }
}
