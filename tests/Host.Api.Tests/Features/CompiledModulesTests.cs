using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Storage;
using HostService.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace HostService.Host.Tests.Features;

/// <summary>Uploads that wait for a compilation: what they hold meanwhile, and what becomes of it when they go.</summary>
public sealed class CompiledModulesTests : IDisposable
{
    // (module)
    private static readonly byte[] s_empty = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // One at a time.
    private readonly CompilerUnderTest _tested = new(new Engine(), new ExecutionLimits { MaxConcurrentCompilations = 1 });
    private readonly ReleasedCode _released;
    private readonly CompiledModules _modules;

    public CompiledModulesTests()
    {
        _released = new ReleasedCode(_tested.Settings, _tested.Metrics, TimeProvider.System, NullLogger<ReleasedCode>.Instance);
        _modules = new CompiledModules(_tested.Compiler, _released);
    }

    public void Dispose()
    {
        _released.Dispose();
        _tested.Dispose();
    }

    [Fact]
    public async Task Upload_ThatWaitsForItsTurn_IsReadWhenItComes()
    {
        var turn = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        using var first = _modules.Acquire(DigestOf(1));
        var compiling = await BeginAsync(first, turn.Task);
        var upload = new Upload(s_empty);
        using var second = _modules.Acquire(DigestOf(2));
        var waiting = second.GetAsync(upload, default);

        // Its turn can't come before that of the first has ended.
        Assert.Equal((false, false), (waiting.IsCompleted, upload.WasRead));
        turn.SetResult(s_empty);
        Assert.NotNull(await compiling.Ended.WaitAsync(s_patience));
        Assert.NotNull(await waiting.WaitAsync(s_patience));
        Assert.True(upload.WasRead);
        await upload.Closed.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Upload_WhoseClientHasGone_TakesNoTurn()
    {
        var turn = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        using var first = _modules.Acquire(DigestOf(1));
        var compiling = await BeginAsync(first, turn.Task);
        var upload = new Upload(s_empty);
        using var gone = new CancellationTokenSource();
        var lease = _modules.Acquire(DigestOf(2));
        var waiting = lease.GetAsync(upload, gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        lease.Dispose();

        // Before the first has ended: what waited is let go at once.
        await upload.Closed.WaitAsync(s_patience);
        Assert.False(upload.WasRead);
        turn.SetResult(s_empty);
        await compiling.Ended.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Upload_ThatAnotherOneWaitsForToo_IsCompiledForThat()
    {
        var turn = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        using var first = _modules.Acquire(DigestOf(1));
        var compiling = await BeginAsync(first, turn.Task);
        var (upload, same) = (new Upload(s_empty), new Upload(s_empty));
        var lease = _modules.Acquire(DigestOf(2));
        using var gone = new CancellationTokenSource();
        var waiting = lease.GetAsync(upload, gone.Token);
        using var other = _modules.Acquire(DigestOf(2));
        var stays = other.GetAsync(same, default);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        lease.Dispose();
        turn.SetResult(s_empty);

        Assert.NotNull(await stays.WaitAsync(s_patience));
        await Task.WhenAll(upload.Closed, same.Closed, compiling.Ended).WaitAsync(s_patience);
    }

    // Returns when it is this one's turn: uploads that come one after the other need not get theirs in that order.
    private static async Task<Compilation> BeginAsync(CodeLease lease, Task<ReadOnlyMemory<byte>> binary)
    {
        var begun = new TaskCompletionSource();
        var compiling = lease.GetAsync(
            _ =>
            {
                begun.SetResult();
                return binary;
            },
            default);
        await begun.Task.WaitAsync(s_patience);
        return new Compilation(compiling);
    }

    private static Digest DigestOf(byte number) => Digest.FromHash([.. Enumerable.Repeat(number, 32)]);

    private sealed record Compilation(Task<CompiledModule> Ended);

    private sealed class Upload(byte[] bytes) : StagedBinary
    {
        private readonly TaskCompletionSource _closed = new();

        public bool WasRead { get; private set; }

        public Task Closed => _closed.Task;

        public override Digest Digest => default;

        public override long SizeBytes => bytes.Length;

        public override Stream OpenRead() => new Content(this, bytes);

        public override ValueTask DisposeAsync() => default;

        private sealed class Content(Upload owner, byte[] bytes) : MemoryStream(bytes, writable: false)
        {
            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                owner.WasRead = true;
                return base.ReadAsync(buffer, cancellationToken);
            }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                owner._closed.TrySetResult();
            }
        }
    }
}
