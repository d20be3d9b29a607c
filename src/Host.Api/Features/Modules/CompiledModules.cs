using System.Diagnostics.CodeAnalysis;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>The compiled modules, one for each digest, however many tenants hold it.</summary>
/// <remarks>
/// Each module of a tenant holds a <see cref="Lease"/> on its digest, and so does an upload while it is on its way. With the last one the code goes. Leases are
/// taken and given back when modules change; a call only reads a field. A compilation that nobody holds a lease for any more is given up.
/// </remarks>
internal sealed class CompiledModules(ModuleCompiler compiler, ReleasedCode released)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Slot> _slots = []; // guarded by _lock

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
    public Lease Acquire(Digest digest)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(digest, out var slot))
            {
                _slots.Add(digest, slot = new Slot(digest));
            }

            slot.Holders++;
            return new Lease(this, slot);
        }
    }

    private void Release(Slot slot)
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

    private Task<CompiledModule> CompilationOf(Slot slot, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read)
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

    private async Task<CompiledModule> CompileAsync(Slot slot, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read)
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

    /// <summary>One holder's share of a compiled module.</summary>
    internal sealed class Lease(CompiledModules modules, Slot slot) : IDisposable
    {
        private int _disposed;

        /// <summary>The module, or null while it is not compiled.</summary>
        public CompiledModule? Ready => slot.Ready;

        /// <summary>The module, compiled by this call or by one that came earlier.</summary>
        /// <param name="read">Gets the binary, when it is needed.</param>
        /// <param name="cancellationToken">Ends the waiting, not the compilation.</param>
        public Task<CompiledModule> GetAsync(Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read, CancellationToken cancellationToken) =>
            modules.CompilationOf(slot, read).WaitAsync(cancellationToken);

        /// <summary>The module, compiled of an upload if it is not yet.</summary>
        /// <param name="binary">The upload.</param>
        /// <param name="cancellationToken">Ends the waiting, not the compilation.</param>
        /// <remarks>
        /// The upload is opened now and read when it is its turn: those that wait take no memory. Another upload of the same binary may wait for the same compilation, and still does when this one has
        /// gone and its file with it; what is open can still be read.
        /// </remarks>
        public Task<CompiledModule> GetAsync(StagedBinary binary, CancellationToken cancellationToken)
        {
            var content = binary.OpenRead();
            var compilation = modules.CompilationOf(slot, token => ReadAsync(content, token));
            compilation.ContinueWith(_ => content.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return compilation.WaitAsync(cancellationToken);
        }

        private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream content, CancellationToken cancellationToken)
        {
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                modules.Release(slot);
            }
        }
    }

    /// <summary>What is kept for a digest.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A source without a timer and without a handle to wait for has nothing to release.")]
    internal sealed class Slot(Digest digest)
    {
        private readonly CancellationTokenSource _givenUp = new();
        private volatile CompiledModule? _ready;

        public Digest Digest { get; } = digest;

        public int Holders { get; set; } // guarded by the owner's lock

        public Task<CompiledModule>? Compilation { get; set; } // guarded by the owner's lock

        /// <summary>Cancelled when the last holder has gone.</summary>
        public CancellationToken GivenUp => _givenUp.Token;

        public void GiveUp() => _givenUp.Cancel();

        /// <summary>Set once compilation is done; read by calls without the lock.</summary>
        public CompiledModule? Ready
        {
            get => _ready;
            set => _ready = value;
        }
    }
}
