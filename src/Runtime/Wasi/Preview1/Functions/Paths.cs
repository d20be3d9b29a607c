using System.Runtime.CompilerServices;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>path_*</c>: files by their names.</summary>
[SkipLocalsInit]
internal static class Paths
{
    public static Errno CreateDirectory(GuestCall call, uint fd, uint path, uint length)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        return Read(call, fd, Rights.PathCreateDirectory, path, length, buffer, out var directory, out var name) is not Errno.Success and var error
            ? error
            : directory.CreateDirectory(name);
    }

    public static Errno RemoveDirectory(GuestCall call, uint fd, uint path, uint length)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        return Read(call, fd, Rights.PathRemoveDirectory, path, length, buffer, out var directory, out var name) is not Errno.Success and var error
            ? error
            : directory.RemoveDirectory(name);
    }

    public static Errno UnlinkFile(GuestCall call, uint fd, uint path, uint length)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        return Read(call, fd, Rights.PathUnlinkFile, path, length, buffer, out var directory, out var name) is not Errno.Success and var error
            ? error
            : directory.UnlinkFile(name);
    }

    public static Errno GetFileStat(GuestCall call, uint fd, uint lookup, uint path, uint length, uint result)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathFilestatGet, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        return directory.GetStat(name, Follows(lookup), out var stat) is not Errno.Success and var failed ? failed : Fd.Store(call.Memory, result, stat);
    }

    public static Errno SetTimes(GuestCall call, uint fd, uint lookup, uint path, uint length, ulong accessed, ulong modified, uint which)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathFilestatSetTimes, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        return FileTimes.Choose(call.Context, accessed, modified, which, out var times) is not Errno.Success and var wrong
            ? wrong
            : directory.SetTimes(name, Follows(lookup), times.Accessed, times.Modified);
    }

    public static Errno ReadLink(GuestCall call, uint fd, uint path, uint length, uint buffer, uint bufferLength, uint result)
    {
        Span<char> characters = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathReadlink, path, length, characters, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        if (!call.Memory.TrySlice(buffer, bufferLength, out var destination) || !call.Memory.Contains(result, sizeof(uint)))
        {
            return Errno.Fault;
        }

        error = directory.ReadLink(name, destination, out var count);
        if (error == Errno.Success)
        {
            call.Memory.TryWrite(result, (uint)count);
        }

        return error;
    }

    public static Errno CreateSymbolicLink(GuestCall call, uint target, uint targetLength, uint fd, uint path, uint length)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        Span<char> targetBuffer = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathSymlink, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        return GuestPath.Read(call.Memory, target, targetLength, targetBuffer, out var leadsTo) is not Errno.Success and var wrong
            ? wrong
            : directory.CreateSymbolicLink(leadsTo, name);
    }

    public static Errno Link(GuestCall call, uint fd, uint lookup, uint path, uint length, uint newFd, uint newPath, uint newLength)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        Span<char> newBuffer = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathLinkSource, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        if (Read(call, newFd, Rights.PathLinkTarget, newPath, newLength, newBuffer, out var newDirectory, out var newName) is not Errno.Success and var wrong)
        {
            return wrong;
        }

        // A link to what a symbolic link leads to could be made, but no system that programs know does it.
        return Follows(lookup) ? Errno.Inval : directory.Link(name, newDirectory, newName);
    }

    public static Errno Rename(GuestCall call, uint fd, uint path, uint length, uint newFd, uint newPath, uint newLength)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        Span<char> newBuffer = stackalloc char[GuestPath.MaxBytes];
        if (Read(call, fd, Rights.PathRenameSource, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        return Read(call, newFd, Rights.PathRenameTarget, newPath, newLength, newBuffer, out var newDirectory, out var newName) is not Errno.Success and var wrong
            ? wrong
            : directory.Rename(name, newDirectory, newName);
    }

    public static Errno Open(
        GuestCall call, uint fd, uint lookup, uint path, uint length, uint how, ulong rights, ulong inheriting, uint flags, uint result)
    {
        Span<char> buffer = stackalloc char[GuestPath.MaxBytes];
        if (how > (uint)OFlags.All || flags > (uint)FdFlags.All)
        {
            return Errno.Inval;
        }

        var opening = (OFlags)how;
        var needed = Rights.PathOpen | (opening.HasFlag(OFlags.Creat) ? Rights.PathCreateFile : 0) | (opening.HasFlag(OFlags.Trunc) ? Rights.PathFilestatSetSize : 0);
        if (Read(call, fd, needed, path, length, buffer, out var directory, out var name) is not Errno.Success and var error)
        {
            return error;
        }

        // A program that asks for more than it can have usually asks for all there is, so it gets what there is; but not a file that it can't
        // read or write after all.
        var granted = (Rights)rights & directory.Inheriting;
        if (((Rights)rights & ~granted & (Rights.FdRead | Rights.FdWrite)) != 0)
        {
            return Errno.NotCapable;
        }

        if (!call.Memory.Contains(result, sizeof(uint)))
        {
            return Errno.Fault;
        }

        error = directory.Open(name, Follows(lookup), opening, granted, (Rights)inheriting & directory.Inheriting, (FdFlags)flags, out var opened);
        if (error != Errno.Success)
        {
            return error;
        }

        error = call.Context.Descriptors.Add(opened!, out var number);
        if (error != Errno.Success)
        {
            opened!.Close();
            return error;
        }

        call.Memory.TryWrite(result, number);
        return Errno.Success;
    }

    private static bool Follows(uint lookup) => ((LookupFlags)lookup).HasFlag(LookupFlags.SymlinkFollow);

    private static Errno Read(
        GuestCall call, uint fd, Rights rights, uint path, uint length, Span<char> buffer, out DirectoryDescriptor directory, out ReadOnlySpan<char> name)
    {
        name = default;
        return call.Context.GetDirectory(fd, rights, out directory) is not Errno.Success and var error
            ? error
            : GuestPath.Read(call.Memory, path, length, buffer, out name);
    }
}
