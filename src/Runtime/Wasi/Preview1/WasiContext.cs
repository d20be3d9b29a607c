using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>The state of one guest: its open files and its virtual file system. Attach it to the guest's Store with <see cref="Store.SetExtension{T}"/>.</summary>
/// <remarks>
/// Cheap to make: descriptors and files come into being when the guest first asks for them. Belongs to one Store, and to one thread at a time like it.
/// Only a guest that opens files of the host holds anything that is worth disposing of.
/// </remarks>
public sealed class WasiContext : IDisposable
{
    private const int StandardStreams = 3;

    private readonly long _started;
    private DescriptorTable? _descriptors;
    private StorageQuota? _quota;
    private Instance? _instance;
    private Memory? _memory;

    /// <summary>Makes the state of a guest.</summary>
    /// <param name="options">What the guest sees; null for <see cref="WasiOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The limit on descriptors leaves no room for the standard streams and the preopened directories.</exception>
    public WasiContext(WasiOptions? options = null)
    {
        Options = options ?? WasiOptions.Default;
        var needed = StandardStreams + Options.Preopens.Length;
        if (needed > Options.Limits.MaxDescriptors)
        {
            throw new ArgumentException(
                $"The guest starts with {needed} descriptors, the standard streams and the preopened directories, but its limit is {Options.Limits.MaxDescriptors}.", nameof(options));
        }

        _started = Options.TimeProvider.GetTimestamp();
    }

    /// <summary>What the guest sees.</summary>
    public WasiOptions Options { get; }

    /// <summary>How many bytes the guest's virtual files have.</summary>
    public long FileBytes => _quota?.Bytes ?? 0;

    internal StorageQuota Quota => _quota ??= new StorageQuota(Options.Limits);

    internal DescriptorTable Descriptors => _descriptors ??= OpenFirst();

    /// <summary>The time since the context was made.</summary>
    internal TimeSpan Elapsed => Options.TimeProvider.GetElapsedTime(_started);

    /// <summary>Closes what the guest left open. The guest must not run any more; a second call does nothing.</summary>
    public void Dispose()
    {
        _descriptors?.CloseAll();
        _descriptors = DescriptorTable.None;
        (_instance, _memory) = (null, null);
    }

    /// <summary>The memory that a caller exports as "memory". Looked up once for each instance.</summary>
    internal GuestMemory MemoryOf(Caller caller)
    {
        if (!ReferenceEquals(caller.Instance, _instance))
        {
            (_instance, _memory) = (caller.Instance, caller.GetMemory("memory"));
        }

        return new GuestMemory(_memory);
    }

    /// <summary>An open descriptor with the rights asked for.</summary>
    internal Errno Get(uint number, Rights rights, out Descriptor descriptor)
    {
        if (!Descriptors.TryGet(number, out descriptor!))
        {
            return Errno.BadF;
        }

        return descriptor.Allows(rights) ? Errno.Success : Errno.NotCapable;
    }

    /// <summary>An open stream or file with the rights asked for.</summary>
    internal Errno GetBytes(uint number, Rights rights, out ByteDescriptor bytes)
    {
        bytes = null!;
        if (!Descriptors.TryGet(number, out var descriptor))
        {
            return Errno.BadF;
        }

        if (descriptor is not ByteDescriptor found)
        {
            return Errno.IsDir;
        }

        bytes = found;

        // What POSIX answers for a descriptor that isn't open for this way; programs know it.
        return found.Allows(rights) ? Errno.Success : (rights & (Rights.FdRead | Rights.FdWrite) & ~found.Rights) != 0 ? Errno.BadF : Errno.NotCapable;
    }

    /// <summary>An open directory with the rights asked for.</summary>
    internal Errno GetDirectory(uint number, Rights rights, out DirectoryDescriptor directory)
    {
        directory = null!;
        if (!Descriptors.TryGet(number, out var descriptor))
        {
            return Errno.BadF;
        }

        if (descriptor is not DirectoryDescriptor found)
        {
            return Errno.NotDir;
        }

        directory = found;
        return found.Allows(rights) ? Errno.Success : Errno.NotCapable;
    }

    private DescriptorTable OpenFirst()
    {
        var table = new DescriptorTable(Options.Limits.MaxDescriptors);
        table.Add(new StreamDescriptor(Options.StandardInput, input: true, Options.IsTerminal), out _);
        table.Add(new StreamDescriptor(Options.StandardOutput, input: false, Options.IsTerminal), out _);
        table.Add(new StreamDescriptor(Options.StandardError, input: false, Options.IsTerminal), out _);
        for (var i = 0; i < Options.Preopens.Length; i++)
        {
            // Devices of the host have numbers of their own; those of virtual volumes count from 1, and streams are on 0.
            table.Add(Options.Preopens[i].Open(this, (ulong)(i + 1)), out _);
        }

        return table;
    }
}
