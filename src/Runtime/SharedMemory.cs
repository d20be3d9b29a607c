using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A linear memory of a shared type, for any number of Stores of one Engine, each on a thread of its own (threads proposal).</summary>
/// <remarks>
/// Thread-safe, but for <see cref="Dispose"/>. It goes back to the Engine's pool when this handle, all others made by <see cref="Memory.Share"/> and all Stores that hold the memory are
/// gone. Its bytes may change at any moment: what a guest writes there has to be copied before it is checked.
/// <see href="https://webassembly.github.io/threads/core/syntax/types.html#memory-types">Spec: shared memory types</see>
/// </remarks>
public sealed class SharedMemory : IDisposable
{
    private int _disposed;

    /// <summary>Makes a shared memory. It starts with the minimum, all zero.</summary>
    /// <param name="engine">The Engine whose Stores will use it.</param>
    /// <param name="type">Its type: shared, with a maximum. No Store's limits apply to the minimum; a growth is charged to the Store whose guest asks for it.</param>
    /// <exception cref="ArgumentException">The type isn't shared, has no maximum, or is none that a module could declare.</exception>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    /// <exception cref="Errors.ResourceLimitException">The Engine's pool leaves no room.</exception>
    public SharedMemory(Engine engine, MemoryType type)
        : this(engine ?? throw new ArgumentNullException(nameof(engine)), Rent(engine, type))
    {
    }

    internal SharedMemory(Engine engine, LinearMemory memory)
    {
        ObjectDisposedException.ThrowIf(!memory.TryHold(), this);
        Engine = engine;
        Linear = memory;
    }

    /// <summary>Lets the memory go, when nobody has disposed this handle.</summary>
    ~SharedMemory() => LetGo();

    /// <summary>The Engine given when it was made.</summary>
    public Engine Engine { get; }

    /// <summary>Its type; the minimum is the current length in pages.</summary>
    public MemoryType Type => new(new Limits(Linear.LengthPages, Linear.MaximumPages), Linear.Is64, IsShared: true, Linear.PageSizeLog2);

    /// <summary>Its current length in pages, of 64 KiB unless its type says otherwise.</summary>
    public long Pages => (long)Linear.LengthPages;

    /// <summary>Its current length in bytes.</summary>
    public long Length => (long)Linear.LengthBytes;

    internal LinearMemory Linear { get; }

    /// <summary>A part of its bytes, which other threads may be writing. Not to be used after this handle is disposed.</summary>
    /// <param name="address">Where it begins, from 0.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It isn't wholly inside the memory.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public Span<byte> Slice(long address, int length)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        return Linear.Slice((ulong)address, length);
    }

    /// <summary>Grows the memory by <paramref name="delta"/> pages; the new bytes are zero. No Store is charged.</summary>
    /// <returns>The previous length in pages, or −1 if its maximum would be passed; the memory is then unchanged.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public long Grow(long delta)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        return Linear.Grow((ulong)delta);
    }

    /// <summary>Wakes guests that wait at an address, as <c>memory.atomic.notify</c> does.</summary>
    /// <param name="address">Where they wait, a multiple of 4.</param>
    /// <param name="count">How many at most; those that have waited longest first.</param>
    /// <returns>How many were woken.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The four bytes are not inside the memory, the address is no multiple of 4, or <paramref name="count"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public unsafe int Notify(long address, int count)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(address & 3, 0, nameof(address));
        if (address < 0 || !Linear.TryGetPointer((ulong)address, sizeof(int), out var cell))
        {
            throw new ArgumentOutOfRangeException(nameof(address), address, $"The memory is {Length} bytes long.");
        }

        return (int)Linear.Waiters!.Notify((nuint)cell, (uint)count);
    }

    /// <summary>Lets the memory go; Stores that hold it keep it. A second call does nothing.</summary>
    public void Dispose()
    {
        LetGo();
        GC.SuppressFinalize(this);
    }

    private static LinearMemory Rent(Engine engine, MemoryType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.IsShared || type.Limits.Maximum is null)
        {
            throw new ArgumentException($"The type {type} is not shared or has no maximum.", nameof(type));
        }

        type.ThrowIfInvalid(nameof(type));
        engine.ThrowIfDisposed();
        return engine.Memories.Rent(type.Limits.Minimum, type.Limits.Maximum, type.Is64, type.PageSizeLog2, null, null, isShared: true);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    // The memory is null when the constructor threw.
    private void LetGo()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && Linear is { } memory && memory.LetGo())
        {
            Engine.Memories.Return(memory);
        }
    }
}
