using System.Buffers.Binary;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>fd_*</c>: what is done to an open descriptor as a whole. Reading and writing are in the other part.</summary>
internal static partial class Fd
{
    private const int FdStatBytes = 24;
    private const int PrestatBytes = 8;
    private const uint LastAdvice = 5;

    public static Errno Close(GuestCall call, uint fd) => call.Context.Descriptors.Close(fd);

    public static Errno Renumber(GuestCall call, uint from, uint to) => call.Context.Descriptors.Renumber(from, to);

    public static Errno Sync(GuestCall call, uint fd, Rights right) =>
        call.Context.Get(fd, right, out var descriptor) is not Errno.Success and var error ? error : descriptor.Sync();

    public static Errno GetFdStat(GuestCall call, uint fd, uint result)
    {
        if (call.Context.Get(fd, Rights.None, out var descriptor) is not Errno.Success and var error)
        {
            return error;
        }

        if (!call.Memory.TrySlice(result, FdStatBytes, out var stat))
        {
            return Errno.Fault;
        }

        stat.Clear();
        stat[0] = (byte)descriptor.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(stat[2..], (ushort)descriptor.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], (ulong)descriptor.Rights);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[16..], (ulong)descriptor.Inheriting);
        return Errno.Success;
    }

    public static Errno SetFlags(GuestCall call, uint fd, uint flags)
    {
        if (call.Context.Get(fd, Rights.FdFdstatSetFlags, out var descriptor) is not Errno.Success and var error)
        {
            return error;
        }

        if ((flags & ~(uint)FdFlags.All) != 0)
        {
            return Errno.Inval;
        }

        descriptor.Flags = (FdFlags)flags;
        return Errno.Success;
    }

    public static Errno SetRights(GuestCall call, uint fd, ulong rights, ulong inheriting)
    {
        if (call.Context.Get(fd, Rights.None, out var descriptor) is not Errno.Success and var error)
        {
            return error;
        }

        if (((Rights)rights & ~descriptor.Rights) != 0 || ((Rights)inheriting & ~descriptor.Inheriting) != 0)
        {
            return Errno.NotCapable;
        }

        (descriptor.Rights, descriptor.Inheriting) = ((Rights)rights, (Rights)inheriting);
        return Errno.Success;
    }

    public static Errno GetFileStat(GuestCall call, uint fd, uint result)
    {
        if (call.Context.Get(fd, Rights.FdFilestatGet, out var descriptor) is not Errno.Success and var error)
        {
            return error;
        }

        if (descriptor.GetStat(out var stat) is not Errno.Success and var failed)
        {
            return failed;
        }

        return Store(call.Memory, result, stat);
    }

    public static Errno SetTimes(GuestCall call, uint fd, ulong accessed, ulong modified, uint which)
    {
        if (call.Context.Get(fd, Rights.FdFilestatSetTimes, out var descriptor) is not Errno.Success and var error)
        {
            return error;
        }

        return FileTimes.Choose(call.Context, accessed, modified, which, out var times) is not Errno.Success and var wrong
            ? wrong
            : descriptor.SetTimes(times.Accessed, times.Modified);
    }

    public static Errno SetSize(GuestCall call, uint fd, ulong size) =>
        call.Context.GetBytes(fd, Rights.FdFilestatSetSize, out var file) is not Errno.Success and var error ? error : file.SetSize(size);

    public static Errno Allocate(GuestCall call, uint fd, ulong offset, ulong length) =>
        call.Context.GetBytes(fd, Rights.FdAllocate, out var file) is not Errno.Success and var error ? error : file.Allocate(offset, length);

    // Advice changes nothing that a guest can see.
    public static Errno Advise(GuestCall call, uint fd, uint advice) =>
        call.Context.GetBytes(fd, Rights.FdAdvise, out _) is not Errno.Success and var error ? error : advice > LastAdvice ? Errno.Inval : Errno.Success;

    public static Errno GetPrestat(GuestCall call, uint fd, uint result)
    {
        if (call.Context.Get(fd, Rights.None, out var descriptor) is not Errno.Success || descriptor.PreopenName is not { } name)
        {
            return Errno.BadF;
        }

        if (!call.Memory.TrySlice(result, PrestatBytes, out var prestat))
        {
            return Errno.Fault;
        }

        // The only kind of preopened descriptor is a directory, 0.
        prestat.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(prestat[4..], (uint)name.Length);
        return Errno.Success;
    }

    public static Errno GetPrestatName(GuestCall call, uint fd, uint path, uint length)
    {
        if (call.Context.Get(fd, Rights.None, out var descriptor) is not Errno.Success || descriptor.PreopenName is not { } name)
        {
            return Errno.BadF;
        }

        if (length < name.Length)
        {
            return Errno.NameTooLong;
        }

        return call.Memory.TrySlice(path, (uint)name.Length, out var destination) && name.AsSpan().TryCopyTo(destination) ? Errno.Success : Errno.Fault;
    }

    public static Errno ReadDirectory(GuestCall call, uint fd, uint buffer, uint length, ulong cookie, uint result)
    {
        if (call.Context.GetDirectory(fd, Rights.FdReaddir, out var directory) is not Errno.Success and var error)
        {
            return error;
        }

        if (!call.Memory.TrySlice(buffer, length, out var entries) || !call.Memory.Contains(result, sizeof(uint)))
        {
            return Errno.Fault;
        }

        var listing = new DirectoryListing(entries);
        error = entries.IsEmpty ? Errno.Success : directory.List(cookie, ref listing);
        call.Memory.TryWrite(result, (uint)listing.Used);
        return error;
    }

    /// <summary>Puts attributes into guest memory.</summary>
    internal static Errno Store(GuestMemory memory, uint result, in FileStat stat)
    {
        if (!memory.TrySlice(result, FileStat.Bytes, out var destination))
        {
            return Errno.Fault;
        }

        stat.Store(destination);
        return Errno.Success;
    }
}
