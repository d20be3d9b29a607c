using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <content>Reading and writing. Nothing here allocates.</content>
internal static partial class Fd
{
    public static Errno Read(GuestCall call, uint fd, uint buffers, uint count, uint result) =>
        Transfer(call, fd, Rights.FdRead, buffers, count, result, position: null);

    public static Errno Write(GuestCall call, uint fd, uint buffers, uint count, uint result) =>
        Transfer(call, fd, Rights.FdWrite, buffers, count, result, position: null);

    public static Errno PRead(GuestCall call, uint fd, uint buffers, uint count, ulong position, uint result) =>
        Transfer(call, fd, Rights.FdRead | Rights.FdSeek, buffers, count, result, position);

    public static Errno PWrite(GuestCall call, uint fd, uint buffers, uint count, ulong position, uint result) =>
        Transfer(call, fd, Rights.FdWrite | Rights.FdSeek, buffers, count, result, position);

    public static Errno Seek(GuestCall call, uint fd, long offset, uint whence, uint result)
    {
        // Asking where one is takes the right to tell only.
        var right = offset == 0 && whence == (uint)Whence.Cur ? Rights.FdTell : Rights.FdSeek;
        if (call.Context.GetBytes(fd, Rights.None, out var file) is not Errno.Success and var error)
        {
            return error;
        }

        if (file.ReadsMayWait)
        {
            return Errno.SPipe;
        }

        if (!file.Allows(right) && !file.Allows(Rights.FdSeek))
        {
            return Errno.NotCapable;
        }

        if (whence > (uint)Whence.End)
        {
            return Errno.Inval;
        }

        if (!call.Memory.Contains(result, sizeof(ulong)))
        {
            return Errno.Fault;
        }

        error = file.Seek(offset, (Whence)whence, out var position);
        if (error == Errno.Success)
        {
            call.Memory.TryWrite(result, position);
        }

        return error;
    }

    public static Errno Tell(GuestCall call, uint fd, uint result) => Seek(call, fd, 0, (uint)Whence.Cur, result);

    private static Errno Transfer(GuestCall call, uint fd, Rights rights, uint buffers, uint count, uint result, ulong? position)
    {
        if (call.Context.GetBytes(fd, Rights.None, out var file) is not Errno.Success and var error)
        {
            return error;
        }

        // That a stream has no positions is better news than that nobody granted any.
        if (position is not null && file.ReadsMayWait)
        {
            return Errno.SPipe;
        }

        if (call.Context.GetBytes(fd, rights, out _) is not Errno.Success and var denied)
        {
            return denied;
        }

        if (IoVectors.Read(call.Memory, buffers, count, out var vectors) is not Errno.Success and var wrong)
        {
            return wrong;
        }

        if (!call.Memory.Contains(result, sizeof(uint)))
        {
            return Errno.Fault;
        }

        error = Transfer(file, (rights & Rights.FdWrite) != 0, vectors, position, out var total);
        if (error != Errno.Success && total == 0)
        {
            return error;
        }

        // What was moved before something failed is moved; the failure, if it lasts, is the next call's.
        call.Memory.TryWrite(result, total);
        return Errno.Success;
    }

    private static Errno Transfer(ByteDescriptor file, bool write, IoVectors vectors, ulong? position, out uint total)
    {
        total = 0;
        for (var i = 0; i < vectors.Count; i++)
        {
            ReadOnlySpan<byte> bytes = default;
            Span<byte> buffer = default;
            bool whole;
            if (write ? !vectors.TryGet(i, out bytes, out whole) : !vectors.TryGet(i, out buffer, out whole))
            {
                return Errno.Fault;
            }

            if (!write)
            {
                bytes = buffer;
            }

            if (bytes.IsEmpty)
            {
                continue;
            }

            int moved;
            var error = (write, position) switch
            {
                (true, null) => file.Write(bytes, out moved),
                (true, { } at) => file.WriteAt(at + total, bytes, out moved),
                (false, null) => file.Read(buffer, out moved),
                (false, { } at) => file.ReadAt(at + total, buffer, out moved),
            };
            total += (uint)moved;

            // A stream that gave something may make the next read wait, while the guest could go on with what it has.
            if (error != Errno.Success || moved < bytes.Length || !whole || (!write && file.ReadsMayWait))
            {
                return error;
            }
        }

        return Errno.Success;
    }
}
