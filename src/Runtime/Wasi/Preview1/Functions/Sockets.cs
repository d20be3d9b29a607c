using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>sock_*</c>. Preview 1 can't open sockets, and no context has one from the start.</summary>
internal static class Sockets
{
    /// <summary>No descriptor is a socket.</summary>
    public static Errno Refuse(GuestCall call, uint fd) => call.Context.Get(fd, Rights.None, out _) == Errno.Success ? Errno.NotSock : Errno.BadF;
}
