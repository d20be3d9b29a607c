using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;
using HostService.Runtime.Wasi.Preview1.HostFiles.Linux;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>A directory that a guest has open from the start. Immutable and thread-safe; one object serves any number of contexts.</summary>
public sealed class WasiPreopen
{
    private readonly byte[] _name;
    private readonly Func<WasiContext, ulong, byte[], DirectoryDescriptor> _open;

    private WasiPreopen(string guestPath, Func<WasiContext, ulong, byte[], DirectoryDescriptor> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(guestPath);
        (GuestPath, _name, _open) = (guestPath, Encoding.UTF8.GetBytes(guestPath), open);
    }

    /// <summary>The guest's name for it.</summary>
    public string GuestPath { get; }

    /// <summary>A virtual directory: in memory, each context's own, gone with it.</summary>
    /// <param name="guestPath">The guest's name for it, such as <c>/</c>.</param>
    /// <param name="tree">What it holds at first, shared by all contexts; what a guest changes it alone sees. Null for nothing.</param>
    /// <param name="isReadOnly">Whether guests may only read; changes then give EROFS.</param>
    /// <exception cref="ArgumentException"><paramref name="guestPath"/> is empty.</exception>
    public static WasiPreopen Virtual(string guestPath, WasiFileTree? tree = null, bool isReadOnly = false) => new(guestPath, (context, device, name) =>
    {
        var volume = new VirtualVolume(device, tree, isReadOnly, context.Quota, context.Options.TimeProvider);
        return new VirtualDirectory(volume, volume.Root, Rights.Directory, Rights.Directory | Rights.File, FdFlags.None) { PreopenName = name };
    });

    /// <summary>A directory of the host. Whatever is in it, now or later, is open to the guest; nothing outside of it is, by <c>..</c> or any kind of link.</summary>
    /// <param name="guestPath">The guest's name for it, such as <c>/data</c>.</param>
    /// <param name="hostPath">The directory. It is opened when a context first uses a descriptor.</param>
    /// <param name="isReadOnly">Whether guests may only read; changes then give EROFS.</param>
    /// <remarks>Needs Linux 5.8 or later on a 64-bit machine, whose kernel resolves the paths (<c>openat2</c>); hard links and mounts made by the host inside the directory are followed.
    /// How much guests write there is not limited by <see cref="WasiLimits"/>.</remarks>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="PlatformNotSupportedException">The operating system can't confine paths.</exception>
    public static WasiPreopen Host(string guestPath, string hostPath, bool isReadOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(hostPath);
        var path = Path.GetFullPath(hostPath);
        HostDirectory.Check(path);
        return new WasiPreopen(guestPath, (_, _, name) => HostDirectory.OpenRoot(path, isReadOnly, name));
    }

    internal DirectoryDescriptor Open(WasiContext context, ulong device) => _open(context, device, _name);
}
