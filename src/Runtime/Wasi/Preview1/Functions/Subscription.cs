using System.Buffers.Binary;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary>Something that a guest waits for.</summary>
/// <param name="UserData">What the guest knows it by.</param>
/// <param name="Type">What kind it is.</param>
/// <param name="Id">The clock or the descriptor.</param>
/// <param name="Timeout">For a clock, the time to wait for in nanoseconds.</param>
/// <param name="IsAbsolute">Whether that is a time of the clock rather than from the call on.</param>
internal readonly record struct Subscription(ulong UserData, EventType Type, uint Id, ulong Timeout, bool IsAbsolute)
{
    /// <summary>Its length in guest memory.</summary>
    public const int Bytes = 48;

    /// <summary>The length of its event in guest memory.</summary>
    public const int EventBytes = 32;

    public static Subscription Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        (EventType)source[8],
        BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
        (source[40] & 1) != 0);

    /// <summary>Looks whether it is time to tell the guest, and what.</summary>
    /// <param name="context">The guest's state.</param>
    /// <param name="since">When the call began, as <see cref="WasiContext.Elapsed"/>.</param>
    /// <param name="error">What is wrong with it, or success.</param>
    /// <param name="bytes">How many bytes are there to be read.</param>
    /// <param name="remaining">How many nanoseconds are left when it isn't time yet.</param>
    public bool IsDue(WasiContext context, TimeSpan since, out Errno error, out ulong bytes, out ulong remaining)
    {
        (bytes, remaining) = (0, 0);
        switch (Type)
        {
            case EventType.Clock:
                if (!Clock.TryRead(context, Id, out var now))
                {
                    error = Errno.Inval;
                    return true;
                }

                var passed = IsAbsolute ? now : (ulong)(context.Elapsed - since).Ticks * (ulong)TimeSpan.NanosecondsPerTick;
                remaining = Timeout > passed ? Timeout - passed : 0;
                error = Errno.Success;
                return remaining == 0;
            case EventType.FdRead:
                error = context.GetBytes(Id, Rights.FdRead | Rights.PollFdReadwrite, out var source);
                bytes = error == Errno.Success ? source.ReadableBytes : 0;
                return true;
            case EventType.FdWrite:
                error = context.GetBytes(Id, Rights.FdWrite | Rights.PollFdReadwrite, out _);
                return true;
            default:
                error = Errno.Inval;
                return true;
        }
    }

    /// <summary>Puts its event into guest memory.</summary>
    public void Tell(Span<byte> destination, Errno error, ulong bytes)
    {
        destination = destination[..EventBytes];
        destination.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(destination, UserData);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], (ushort)error);
        destination[10] = (byte)Type;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], bytes);
    }
}
