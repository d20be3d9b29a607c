using HostService.Runtime.CoreDumps;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;

namespace HostService.Runtime;

/// <content>Core dumps of what trapped.</content>
public sealed partial class Store
{
    private InstanceState? _firstInstance;
    private List<InstanceState>? _moreInstances;

    /// <summary>Writes a core dump: the frames of a trap, this Store's instances, and the contents of their memories and globals as they are now.</summary>
    /// <param name="trap">A trap of a guest of this Store. To show the state at the trap, no guest may have run in between.</param>
    /// <param name="destination">Where the dump goes, without being sought or read back; it stays open.</param>
    /// <param name="maxMemoryBytes">How many bytes of memories the dump may have at most. Pages of 4 KiB that are all zero are left out and don't count. Default 256 MiB.</param>
    /// <param name="executableName">The name of the program; null for the name of the module instantiated first.</param>
    /// <returns>True when the dump is whole; false when <paramref name="maxMemoryBytes"/> left a part of the memories out.</returns>
    /// <remarks>
    /// Nothing is recorded for it: a dump that is not asked for costs nothing. Values of locals and operands, which compiled code keeps in registers, are missing values in it; references in globals are null. Frames name the first instance of their module.
    /// Must be called before the Store is disposed, on no other thread than the Store's. A memory's contents may be confidential.
    /// <see href="https://github.com/WebAssembly/tool-conventions/blob/main/Coredump.md">Tool conventions: core dumps</see>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxMemoryBytes"/> is negative.</exception>
    /// <exception cref="ArgumentException">The Store has no instance, or a frame of the trap is in a module that has no code in this Store.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public bool WriteCoreDump(TrapException trap, Stream destination, long maxMemoryBytes = 256 << 20, string? executableName = null)
    {
        ArgumentNullException.ThrowIfNull(trap);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(maxMemoryBytes);
        ThrowIfDisposed();
        if (_firstInstance is not { Module: { } first })
        {
            throw new ArgumentException("The Store has no instance that could have trapped.", nameof(trap));
        }

        InstanceState[] instances = [_firstInstance, .. _moreInstances ?? []];
        foreach (var frame in trap.Frames)
        {
            if (!instances.Any(instance => ReferenceEquals(instance.Module!.Syntax, frame.ModuleKey)))
            {
                throw new ArgumentException($"The trap is of another Store: {frame.Function} is in no module of this one.", nameof(trap));
            }
        }

        return CoreDump.Write(instances, trap, executableName ?? first.Name ?? "", maxMemoryBytes, destination);
    }

    /// <summary>Remembers an instance for <see cref="WriteCoreDump"/>.</summary>
    internal void AddInstance(InstanceState state)
    {
        if (_firstInstance is null)
        {
            _firstInstance = state;
        }
        else
        {
            (_moreInstances ??= []).Add(state);
        }
    }
}
