using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>The compiled modules, one for each digest, however many tenants hold it.</summary>
/// <remarks>
/// Each module of a tenant holds a <see cref="CodeLease"/> on its digest, and so does an upload while it is on its way. With the last one the code goes. Leases are
/// taken and given back when modules change; a call only reads a field. A compilation that nobody holds a lease for any more is given up.
/// </remarks>
internal sealed class CompiledModules(ModuleCompiler compiler, ReleasedCode released)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, CodeSlot> _slots = []; // guarded by _lock

    /// <summary>How many digests are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count;
            }
        }
    }

    /// <summary>The modules that are ready, at this moment.</summary>
    public IReadOnlyList<CompiledModule> Ready
    {
        get
        {
            lock (_lock)
            {
                return [.. _slots.Values.Select(slot => slot.Ready).OfType<CompiledModule>()];
            }
        }
    }

    /// <summary>Holds on to a digest. Nothing is compiled yet.</summary>
    public CodeLease Acquire(Digest digest)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(digest, out var slot))
            {
                _slots.Add(digest, slot = new CodeSlot(digest));
            }

            slot.Holders++;
            return new CodeLease(this, slot);
        }
    }

    /// <summary>Called by a lease that is given back.</summary>
    internal void Release(CodeSlot slot)
    {
        Task<CompiledModule>? compilation;
        lock (_lock)
        {
            if (--slot.Holders > 0)
            {
                return;
            }

            _slots.Remove(slot.Digest);
            compilation = slot.Compilation;
            slot.Ready = null;
        }

        // Uploads whose clients have gone must not take the turns of others. One that is past that point is released when it is done.
        slot.GiveUp();
        compilation?.ContinueWith(
            done => released.Release(done.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Called by a lease: the compilation that goes on or is done, or else one that begins now.</summary>
    internal Task<CompiledModule> CompilationOf(CodeSlot slot, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read)
    {
        lock (_lock)
        {
            // A failed attempt is not kept: the next caller may bring better luck (a disk that answers again), or gets the same answer.
            if (slot.Compilation is null or { IsCompletedSuccessfully: false, IsCompleted: true })
            {
                slot.Compilation = CompileAsync(slot, read);
            }

            return slot.Compilation;
        }
    }

    private async Task<CompiledModule> CompileAsync(CodeSlot slot, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read)
    {
        // Away from the lock, which the caller holds. Not cancelled when the caller goes: others may wait for the same result.
        await Task.Yield();
        var compiled = await compiler.CompileAsync(slot.Digest, read, slot.GivenUp);
        lock (_lock)
        {
            slot.Ready = slot.Holders > 0 ? compiled : null;
        }

        return compiled;
    }
}
