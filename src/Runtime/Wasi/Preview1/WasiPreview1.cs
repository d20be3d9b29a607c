using System.Collections.Immutable;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Functions;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>The functions of the system interface <c>wasi_snapshot_preview1</c>.</summary>
/// <remarks>
/// <para>Give <see cref="HostFunctions"/> to <see cref="EngineOptions.HostFunctions"/> once, and a <see cref="WasiContext"/> to each Store. The guest must export its memory as <c>memory</c>.</para>
/// <para>Not offered: sockets, whose functions answer that no descriptor is one, and <c>wasi-threads</c>: a Store has one thread at a time.</para>
/// <see href="https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md">WASI preview 1</see>
/// </remarks>
public static class WasiPreview1
{
    /// <summary>The module name that guests import them by: <c>wasi_snapshot_preview1</c>.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    /// <summary>All of the functions. They hold no state: what a guest sees is in its Store's <see cref="WasiContext"/>.</summary>
    public static ImmutableArray<HostFunctionDefinition> HostFunctions { get; } =
    [
        Define("args_get", (Caller c, uint list, uint text) => (int)Args.Get(GuestCall.Of(c), list, text)),
        Define("args_sizes_get", (Caller c, uint count, uint bytes) => (int)Args.GetSizes(GuestCall.Of(c), count, bytes)),
        Define("environ_get", (Caller c, uint list, uint text) => (int)Args.GetEnvironment(GuestCall.Of(c), list, text)),
        Define("environ_sizes_get", (Caller c, uint count, uint bytes) => (int)Args.GetEnvironmentSizes(GuestCall.Of(c), count, bytes)),

        Define("clock_res_get", (Caller c, uint clock, uint result) => (int)Clock.GetResolution(GuestCall.Of(c), clock, result)),
        Define("clock_time_get", (Caller c, uint clock, ulong precision, uint result) => (int)Clock.GetTime(GuestCall.Of(c), clock, result)),

        Define("fd_advise", (Caller c, uint fd, ulong offset, ulong length, uint advice) => (int)Fd.Advise(GuestCall.Of(c), fd, advice)),
        Define("fd_allocate", (Caller c, uint fd, ulong offset, ulong length) => (int)Fd.Allocate(GuestCall.Of(c), fd, offset, length)),
        Define("fd_close", (Caller c, uint fd) => (int)Fd.Close(GuestCall.Of(c), fd)),
        Define("fd_datasync", (Caller c, uint fd) => (int)Fd.Sync(GuestCall.Of(c), fd, Rights.FdDatasync)),
        Define("fd_fdstat_get", (Caller c, uint fd, uint result) => (int)Fd.GetFdStat(GuestCall.Of(c), fd, result)),
        Define("fd_fdstat_set_flags", (Caller c, uint fd, uint flags) => (int)Fd.SetFlags(GuestCall.Of(c), fd, flags)),
        Define("fd_fdstat_set_rights", (Caller c, uint fd, ulong rights, ulong inheriting) => (int)Fd.SetRights(GuestCall.Of(c), fd, rights, inheriting)),
        Define("fd_filestat_get", (Caller c, uint fd, uint result) => (int)Fd.GetFileStat(GuestCall.Of(c), fd, result)),
        Define("fd_filestat_set_size", (Caller c, uint fd, ulong size) => (int)Fd.SetSize(GuestCall.Of(c), fd, size)),
        Define("fd_filestat_set_times", (Caller c, uint fd, ulong accessed, ulong modified, uint which) => (int)Fd.SetTimes(GuestCall.Of(c), fd, accessed, modified, which)),
        Define("fd_pread", (Caller c, uint fd, uint buffers, uint count, ulong offset, uint result) => (int)Fd.PRead(GuestCall.Of(c), fd, buffers, count, offset, result)),
        Define("fd_prestat_get", (Caller c, uint fd, uint result) => (int)Fd.GetPrestat(GuestCall.Of(c), fd, result)),
        Define("fd_prestat_dir_name", (Caller c, uint fd, uint path, uint length) => (int)Fd.GetPrestatName(GuestCall.Of(c), fd, path, length)),
        Define("fd_pwrite", (Caller c, uint fd, uint buffers, uint count, ulong offset, uint result) => (int)Fd.PWrite(GuestCall.Of(c), fd, buffers, count, offset, result)),
        Define("fd_read", (Caller c, uint fd, uint buffers, uint count, uint result) => (int)Fd.Read(GuestCall.Of(c), fd, buffers, count, result)),
        Define("fd_readdir", (Caller c, uint fd, uint buffer, uint length, ulong cookie, uint result) => (int)Fd.ReadDirectory(GuestCall.Of(c), fd, buffer, length, cookie, result)),
        Define("fd_renumber", (Caller c, uint fd, uint to) => (int)Fd.Renumber(GuestCall.Of(c), fd, to)),
        Define("fd_seek", (Caller c, uint fd, long offset, uint whence, uint result) => (int)Fd.Seek(GuestCall.Of(c), fd, offset, whence, result)),
        Define("fd_sync", (Caller c, uint fd) => (int)Fd.Sync(GuestCall.Of(c), fd, Rights.FdSync)),
        Define("fd_tell", (Caller c, uint fd, uint result) => (int)Fd.Tell(GuestCall.Of(c), fd, result)),
        Define("fd_write", (Caller c, uint fd, uint buffers, uint count, uint result) => (int)Fd.Write(GuestCall.Of(c), fd, buffers, count, result)),

        Define("path_create_directory", (Caller c, uint fd, uint path, uint length) => (int)Paths.CreateDirectory(GuestCall.Of(c), fd, path, length)),
        Define("path_filestat_get", (Caller c, uint fd, uint lookup, uint path, uint length, uint result) => (int)Paths.GetFileStat(GuestCall.Of(c), fd, lookup, path, length, result)),
        Define("path_filestat_set_times", (Caller c, uint fd, uint lookup, uint path, uint length, ulong accessed, ulong modified, uint which) =>
            (int)Paths.SetTimes(GuestCall.Of(c), fd, lookup, path, length, accessed, modified, which)),
        Define("path_link", (Caller c, uint fd, uint lookup, uint path, uint length, uint newFd, uint newPath, uint newLength) =>
            (int)Paths.Link(GuestCall.Of(c), fd, lookup, path, length, newFd, newPath, newLength)),
        Define("path_open", (Caller c, uint fd, uint lookup, uint path, uint length, uint how, ulong rights, ulong inheriting, uint flags, uint result) =>
            (int)Paths.Open(GuestCall.Of(c), fd, lookup, path, length, how, rights, inheriting, flags, result)),
        Define("path_readlink", (Caller c, uint fd, uint path, uint length, uint buffer, uint bufferLength, uint result) =>
            (int)Paths.ReadLink(GuestCall.Of(c), fd, path, length, buffer, bufferLength, result)),
        Define("path_remove_directory", (Caller c, uint fd, uint path, uint length) => (int)Paths.RemoveDirectory(GuestCall.Of(c), fd, path, length)),
        Define("path_rename", (Caller c, uint fd, uint path, uint length, uint newFd, uint newPath, uint newLength) =>
            (int)Paths.Rename(GuestCall.Of(c), fd, path, length, newFd, newPath, newLength)),
        Define("path_symlink", (Caller c, uint target, uint targetLength, uint fd, uint path, uint length) =>
            (int)Paths.CreateSymbolicLink(GuestCall.Of(c), target, targetLength, fd, path, length)),
        Define("path_unlink_file", (Caller c, uint fd, uint path, uint length) => (int)Paths.UnlinkFile(GuestCall.Of(c), fd, path, length)),

        Define("poll_oneoff", (Caller c, uint subscriptions, uint events, uint count, uint result) => (int)Poll.OneOff(GuestCall.Of(c), subscriptions, events, count, result)),
        Define("proc_exit", (uint code) => Proc.Exit(code)),
        Define("proc_raise", (uint signal) => (int)Proc.Raise(signal)),
        Define("sched_yield", (Caller c) => (int)Proc.Yield(GuestCall.Of(c))),
        Define("random_get", (Caller c, uint buffer, uint length) => (int)RandomBytes.Get(GuestCall.Of(c), buffer, length)),

        Define("sock_accept", (Caller c, uint fd, uint flags, uint result) => (int)Sockets.Refuse(GuestCall.Of(c), fd)),
        Define("sock_recv", (Caller c, uint fd, uint buffers, uint count, uint flags, uint result, uint resultFlags) => (int)Sockets.Refuse(GuestCall.Of(c), fd)),
        Define("sock_send", (Caller c, uint fd, uint buffers, uint count, uint flags, uint result) => (int)Sockets.Refuse(GuestCall.Of(c), fd)),
        Define("sock_shutdown", (Caller c, uint fd, uint how) => (int)Sockets.Refuse(GuestCall.Of(c), fd)),
    ];

    private static HostFunctionDefinition Define(string name, Delegate function) => new(ModuleName, name, HostFunction.Create(function));
}
