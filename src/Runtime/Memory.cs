using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A linear memory of a Store.</summary>
/// <remarks>
/// Not thread-safe, like its Store; the bytes of one of a shared type may change at any time, because other Stores hold it too (<see cref="SharedMemory"/>).
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#memory-instances">Spec: memory instances</see>
/// </remarks>
public sealed class Memory : Extern
{
    internal Memory(Store store, LinearMemory memory)
        : base(store) => Linear = memory;

    /// <summary>Makes a memory of the host, for modules to import.</summary>
    /// <param name="store">The Store it is to live in.</param>
    /// <param name="type">Its type. It starts with the minimum, all zero.</param>
    /// <exception cref="ArgumentException">No module could declare a memory of this type, say because its minimum is above its maximum.</exception>
    /// <exception cref="Errors.ResourceLimitException">The Store's limits or the Engine's pool leave no room.</exception>
    public Memory(Store store, MemoryType type)
        : base(store ?? throw new ArgumentNullException(nameof(store)))
    {
        ArgumentNullException.ThrowIfNull(type);
        type.ThrowIfInvalid(nameof(type));
        store.ThrowIfDisposed();
        Linear = store.Engine.Memories.Rent(type.Limits.Minimum, type.Limits.Maximum, type.Is64, type.PageSizeLog2, null, store.Resources, type.IsShared);
        store.Resources.Own(Linear);
    }

    /// <summary>Brings a shared memory into a Store, which holds it from then on.</summary>
    /// <param name="store">The Store. It is not charged for the memory's bytes, only for those by which it grows it.</param>
    /// <param name="memory">The memory, of the same Engine.</param>
    /// <exception cref="ArgumentException">The memory is of another Engine.</exception>
    /// <exception cref="ObjectDisposedException">The memory is disposed.</exception>
    public Memory(Store store, SharedMemory memory)
        : base(store ?? throw new ArgumentNullException(nameof(store)))
    {
        ArgumentNullException.ThrowIfNull(memory);
        store.ThrowIfDisposed();
        if (!ReferenceEquals(memory.Engine, store.Engine))
        {
            throw new ArgumentException("The memory belongs to another Engine.", nameof(memory));
        }

        Linear = memory.Linear;
        store.Resources.Own(Linear);
    }

    /// <summary>Its type; the minimum is the current length in pages.</summary>
    public new MemoryType Type => new(new Limits(Linear.LengthPages, Linear.MaximumPages), Linear.Is64, Linear.IsShared, Linear.PageSizeLog2);

    /// <summary>Its current length in pages, of 64 KiB unless its type says otherwise.</summary>
    public long Pages => (long)Linear.LengthPages;

    /// <summary>Its current length in bytes; 0 once its Store is disposed.</summary>
    public long Length => (long)Linear.LengthBytes;

    /// <summary>All of its bytes.</summary>
    /// <remarks>Spans taken before a growth don't see the new bytes. A span must not be used after its Store is disposed.</remarks>
    /// <exception cref="InvalidOperationException">It is longer than a span can be, 2 GiB − 1; use <see cref="Slice"/>.</exception>
    public Span<byte> Span => Linear.Span;

    internal LinearMemory Linear { get; }

    private protected override ExternType ExternType => ExternType.From(Type);

    /// <summary>Makes a handle with which other Stores can be given this memory, also after this Store is gone.</summary>
    /// <exception cref="InvalidOperationException">Its type isn't shared.</exception>
    public SharedMemory Share() => Linear.IsShared
        ? new SharedMemory(Store.Engine, Linear)
        : throw new InvalidOperationException($"A memory of type {Type} can't be shared; its type must say so.");

    /// <summary>A part of its bytes.</summary>
    /// <param name="address">Where it begins, from 0.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It isn't wholly inside the memory.</exception>
    public Span<byte> Slice(long address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        return Linear.Slice((ulong)address, length);
    }

    /// <summary>A part of its bytes, or false when it isn't wholly inside the memory. For addresses that a guest gave.</summary>
    /// <param name="address">Where it begins; an i32 of a guest is to be taken as unsigned.</param>
    /// <param name="length">How many bytes; likewise.</param>
    /// <param name="bytes">The part; empty when the result is false.</param>
    public bool TrySlice(ulong address, ulong length, out Span<byte> bytes)
    {
        if (length <= int.MaxValue && Linear.Contains(address, length))
        {
            bytes = Linear.Slice(address, (int)length);
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>A part of its bytes to read, or false when it isn't wholly inside the memory. For addresses that a guest gave.</summary>
    /// <remarks>To be preferred to <see cref="TrySlice"/> where nothing is written: what may have been written has to be undone for the memory's next user.</remarks>
    /// <param name="address">Where it begins; an i32 of a guest is to be taken as unsigned.</param>
    /// <param name="length">How many bytes; likewise.</param>
    /// <param name="bytes">The part; empty when the result is false.</param>
    public bool TryReadOnlySlice(ulong address, ulong length, out ReadOnlySpan<byte> bytes)
    {
        if (length <= int.MaxValue && Linear.Contains(address, length))
        {
            bytes = Linear.ReadOnlySlice(address, (int)length);
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>Grows this memory by <paramref name="delta"/> pages; the new bytes are zero.</summary>
    /// <returns>The previous length in pages, or −1 if its maximum or the Store's limits would be passed; the memory is then unchanged.</returns>
    /// <remarks>Its bytes stay where they are. <see href="https://webassembly.github.io/spec/core/exec/modules.html#grow-mem">Spec: growing memories</see></remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public long Grow(long delta)
    {
        Store.ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        return Linear.Grow((ulong)delta, Store.Resources);
    }
}
