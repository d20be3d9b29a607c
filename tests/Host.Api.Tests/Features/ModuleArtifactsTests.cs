using System.Diagnostics.Metrics;
using HostService.Host.Features;
using HostService.Host.Features.Modules;
using HostService.Host.Observability;
using HostService.Host.Storage;
using HostService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features;

public class ModuleArtifactsTests
{
    // (module)
    private static readonly byte[] s_empty = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Module_ThatWentWhileItWaited_IsNotSerialized(bool isThere, int written)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, s_empty);
        using var services = new ServiceCollection().AddMetrics().AddSingleton<HostMetrics>().BuildServiceProvider();
        var store = new Store(isThere);
        using var artifacts = new ModuleArtifacts(
            store, engine, Options.Create(new EngineSettings()), services.GetRequiredService<HostMetrics>(), NullLogger<ModuleArtifacts>.Instance);
        artifacts.Keep(Digest.FromHash(new byte[32]), new CompiledModule(new Linker(engine).InstantiatePre(module), CodeOrigin.Compilation, TimeSpan.Zero));

        await artifacts.StartAsync(CancellationToken.None);
        await artifacts.StopAsync(CancellationToken.None);

        Assert.Equal(written, store.Written);
    }

    // Counts the artifacts that it is given; nothing else is asked of it here.
    private sealed class Store(bool hasBinary) : IModuleStore
    {
        public int Written { get; private set; }

        public bool HasBinary(Digest digest) => hasBinary;

        public bool HasArtifact(Digest digest) => false;

        public Task<long?> KeepArtifactAsync(Digest digest, Action<Stream> write, CancellationToken cancellationToken)
        {
            Written++;
            return Task.FromResult<long?>(1);
        }

        public Task<IReadOnlyList<StoredModule>> ListAllAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredModule>> ListAsync(string tenant, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredModule?> FindAsync(string tenant, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StagedBinary> StageAsync(Stream source, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(StoredModule Module, bool Created)> AddVersionAsync(
            string tenant, string name, StagedBinary binary, VersionDescription description, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredModule?> ChangeAsync(string tenant, string name, ModuleChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task NoteUseAsync(IReadOnlyCollection<ModuleUse> uses, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ReadOnlyMemory<byte>> ReadBinaryAsync(Digest digest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream?> FindArtifactAsync(Digest digest, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
