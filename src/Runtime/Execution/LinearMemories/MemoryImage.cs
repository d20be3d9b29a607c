
namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>The initial contents of one memory of one module, made once when the module is created and shared by all of its instances.</summary>
/// <remarks>
/// On Linux a sealed memfd that slots map copy-on-write, so that an instance costs neither a copy nor a mapping of its own; elsewhere, and where no memfd can
/// be had, a block that is copied. It covers whole pages from the first to the last byte of data. Holes between segments are sparse until somebody reads
/// them; what they can cost is bounded by the length of one memory, once per module.
/// Reference counted: the module holds one reference, and each slot that has it mapped. Safe for any number of threads.
/// </remarks>
internal sealed unsafe class MemoryImage : IDisposable
{
    private readonly ImageStorage _storage;
    private MemoryAffinity? _affinity;      // set once, by the first pool
    private int _references = 1;            // Interlocked
    private int _disposed;                  // Interlocked

    private MemoryImage(ulong startBytes, ulong endBytes, ImageStorage storage)
    {
        StartBytes = startBytes;
        EndBytes = endBytes;
        _storage = storage;
    }

    /// <summary>Where in the memory the image starts: a multiple of the system's page.</summary>
    public ulong StartBytes { get; }

    /// <summary>The end of the last segment, at most the memory's initial length; 0 for no data.</summary>
    public ulong EndBytes { get; }

    /// <summary>The length of the whole pages from <see cref="StartBytes"/>; 0 for no data.</summary>
    public ulong MappedBytes => _storage.LengthBytes;

    /// <summary>The contents of <see cref="MappedBytes"/>, to read. Valid while a reference is held.</summary>
    public byte* Bytes => _storage.Bytes;

    /// <summary>The memfd to map, or −1 when the contents must be copied.</summary>
    public int FileDescriptor => _storage.FileDescriptor;

    /// <summary>Whether the module is gone: slots that come back forget the image.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0 || _storage.IsFreed;

    /// <summary>Lays out active segments with constant offsets, later ones over earlier ones, as instantiation would write them.</summary>
    /// <param name="lengthBytes">The memory's initial length.</param>
    /// <param name="segments">The segments in the module's order, up to the first that is out of bounds or not constant.</param>
    /// <exception cref="ArgumentException">A segment is not wholly inside.</exception>
    public static MemoryImage Create(ulong lengthBytes, IReadOnlyList<MemoryImageSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ulong first = ulong.MaxValue;
        ulong end = 0;
        foreach (MemoryImageSegment segment in segments)
        {
            ulong length = (ulong)segment.Bytes.Length;
            if (segment.OffsetBytes > lengthBytes || length > lengthBytes - segment.OffsetBytes)
                throw new ArgumentException($"A segment of {length} bytes at {segment.OffsetBytes} is outside the memory's {lengthBytes} bytes.", nameof(segments));
            if (length == 0)
                continue;
            first = Math.Min(first, segment.OffsetBytes);
            end = Math.Max(end, segment.OffsetBytes + length);
        }

        if (end == 0)
            return new MemoryImage(0, 0, ImageStorage.Empty);
        ulong pageMask = (ulong)Environment.SystemPageSize - 1;
        ulong start = first & ~pageMask;
        ulong mappedBytes = ((end + pageMask) & ~pageMask) - start;
        return new MemoryImage(start, end, ImageStorage.Create(mappedBytes, start, segments));
    }

    /// <summary>Unmaps it from idle slots now, and from the others when they come back; then the contents are freed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (Volatile.Read(ref _affinity) is { } affinity)
            affinity.Pool.Evict(affinity);
        Release();
    }

    /// <summary>The idle slots of <paramref name="pool"/> that have this image mapped.</summary>
    internal MemoryAffinity AffinityWith(MemoryPool pool)
    {
        MemoryAffinity? affinity = Volatile.Read(ref _affinity);
        if (affinity is null)
        {
            var made = new MemoryAffinity(pool);
            affinity = Interlocked.CompareExchange(ref _affinity, made, null) ?? made;
        }

        return ReferenceEquals(affinity.Pool, pool)
            ? affinity
            : throw new InvalidOperationException("A memory image serves the engine that its module was made in, and no other.");
    }

    /// <summary>Takes a reference for a slot.</summary>
    internal void Acquire()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        int references = Volatile.Read(ref _references);
        while (references != 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return;
            references = seen;
        }

        ObjectDisposedException.ThrowIf(true, this);
    }

    /// <summary>Gives a reference back; the last one frees the contents.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _storage.Dispose();
    }
}
