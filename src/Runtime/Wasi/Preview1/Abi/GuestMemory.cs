using System.Buffers.Binary;

namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>The memory of the calling guest. Addresses and lengths are the guest's, so every access can fail, and none throws.</summary>
/// <param name="memory">The memory; null when the guest exports none, and then nothing is inside it.</param>
internal readonly struct GuestMemory(Memory? memory)
{
    /// <summary>Whether a range is wholly inside, whatever its length.</summary>
    public bool Contains(uint address, uint length) => memory is not null && (ulong)address + length <= (ulong)memory.Length;

    /// <summary>A part of the memory to read; false when it isn't wholly inside, or is longer than a span can be.</summary>
    /// <remarks>To be preferred where nothing is written: the memory's pool then knows that.</remarks>
    public bool TryRead(uint address, uint length, out ReadOnlySpan<byte> bytes)
    {
        if (memory is not null)
        {
            return memory.TryReadOnlySlice(address, length, out bytes);
        }

        bytes = default;
        return false;
    }

    /// <summary>A part of the memory to write; false when it isn't wholly inside, or is longer than a span can be.</summary>
    public bool TrySlice(uint address, uint length, out Span<byte> bytes)
    {
        if (memory is not null)
        {
            return memory.TrySlice(address, length, out bytes);
        }

        bytes = default;
        return false;
    }

    /// <summary>Stores an i32.</summary>
    public bool TryWrite(uint address, uint value) => TrySlice(address, sizeof(uint), out var bytes) && BinaryPrimitives.TryWriteUInt32LittleEndian(bytes, value);

    /// <summary>Stores an i64.</summary>
    public bool TryWrite(uint address, ulong value) => TrySlice(address, sizeof(ulong), out var bytes) && BinaryPrimitives.TryWriteUInt64LittleEndian(bytes, value);
}
