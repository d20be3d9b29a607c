using System.Diagnostics.CodeAnalysis;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>What <see cref="CompiledModules"/> keeps for a digest.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer and without a handle to wait for has nothing to release.")]
internal sealed class CodeSlot(Digest digest)
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
