using System.Threading.Channels;
using HostService.Host.Observability;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Modules;

/// <summary>Compiled modules on disk: what was compiled once is loaded after a restart. See docs/adr/0053.</summary>
/// <remarks>
/// They are only ever a saving. One that is missing, damaged, of another version or of another binary is compiled again and replaced, and one that can't be written
/// is done without; neither fails anything. Writing comes after the answer to the upload, one module at a time. Thread-safe.
/// </remarks>
internal sealed partial class ModuleArtifacts(
    IModuleStore store, Engine engine, IOptions<EngineSettings> settings, HostMetrics metrics, ILogger<ModuleArtifacts> logger) : BackgroundService
{
    private readonly Channel<(Digest Digest, CompiledModule Module)> _queue = Channel.CreateUnbounded<(Digest, CompiledModule)>(new() { SingleReader = true });

    private bool IsOn => settings.Value.StoreCompiledModules;

    /// <summary>Opens what is kept for a binary; null when that is nothing that can be read.</summary>
    public async Task<Stream?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            return null;
        }

        try
        {
            var artifact = await store.FindArtifactAsync(digest, cancellationToken);
            if (artifact is null)
            {
                metrics.ArtifactRead("miss");
            }

            return artifact;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Refuse(digest, failure);
            return null;
        }
    }

    /// <summary>Loads what <see cref="FindAsync"/> found; null when that is not possible here, and then the binary has to be compiled.</summary>
    public Module? Load(Digest digest, Stream artifact)
    {
        try
        {
            // The file's own header says whose code it is, but nothing guards that: what is inside must have been made of this very binary.
            var module = Module.DeserializeFor(engine, artifact, Convert.FromHexString(digest.Hex));
            metrics.ArtifactRead("hit");
            return module;
        }
        catch (Exception failure) when (failure is not CompilationTrialException)
        {
            // Whatever it is: the binary is still there. Only without child processes that would be of no use either.
            Refuse(digest, failure);
            return null;
        }
    }

    /// <summary>Has a module's code written, unless it is already there. Call it when a version refers to the binary.</summary>
    public void Keep(Digest digest, CompiledModule module)
    {
        if (IsOn && !IsKept(digest, module))
        {
            // Refused while the service stops: the next start compiles it again.
            _queue.Writer.TryWrite((digest, module));
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was acknowledged is written, as far as the host gives time for it.
        _queue.Writer.TryComplete();
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(Timeout.Infinite, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (digest, module) in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                if (!store.HasBinary(digest))
                {
                    // It went while it waited. Writing it would be for nothing.
                    metrics.ArtifactWritten("unused");
                }
                else if (!IsKept(digest, module))
                {
                    await WriteAsync(digest, module, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops and has no time left.
        }
    }

    // The file may have gone with a version since it was written, while the code lives on in an upload that came in between.
    private bool IsKept(Digest digest, CompiledModule module) =>
        module.ArtifactBytes is not null && module.IsKeptAsKnown && store.HasArtifact(digest);

    private async Task WriteAsync(Digest digest, CompiledModule module, CancellationToken cancellationToken)
    {
        try
        {
            var (verdict, profile) = (module.Pre.Module.Verdict, module.Pre.Module.ProfiledFunctionCount);
            if (await store.KeepArtifactAsync(digest, module.Pre.Module.Serialize, cancellationToken) is { } bytes)
            {
                (module.KeptVerdict, module.KeptProfile) = (verdict, profile);
                module.ArtifactBytes = bytes;
                metrics.ArtifactWritten("ok");
            }
            else
            {
                metrics.ArtifactWritten("unused");
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            metrics.ArtifactWritten("failed");
            LogNotKept(failure, digest);
        }
    }

    private void Refuse(Digest digest, Exception failure)
    {
        metrics.ArtifactRead("refused");
        LogRefused(digest, failure.Message);
    }

    [LoggerMessage(220, LogLevel.Warning, "The compiled code kept for {Digest} is not used; it is made again from the binary. {Reason}")]
    private partial void LogRefused(Digest digest, string reason);

    [LoggerMessage(221, LogLevel.Warning, "The compiled code of {Digest} could not be kept; the next start compiles it again.")]
    private partial void LogNotKept(Exception failure, Digest digest);
}
