using HostService.Host.Features;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Observability;
using HostService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HostService.Host.Tests.Features;

/// <summary>A <see cref="ModuleCompiler"/> that keeps nothing on disk, with what it works with. Owns the Engine.</summary>
internal sealed class CompilerUnderTest : IDisposable
{
    private readonly Engine _engine;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<HostMetrics>().BuildServiceProvider();
    private readonly HostActivities _activities = new();
    private readonly ModuleArtifacts _artifacts;

    public CompilerUnderTest(Engine engine, ExecutionLimits limits)
    {
        _engine = engine;
        Settings = Options.Create(new EngineSettings { StoreCompiledModules = false });
        Metrics = _services.GetRequiredService<HostMetrics>();
        _artifacts = new ModuleArtifacts(null!, engine, Settings, Metrics, NullLogger<ModuleArtifacts>.Instance);
        var optimizations = new OptimizationWatch(_artifacts, Metrics, NullLogger<OptimizationWatch>.Instance);
        var options = Options.Create(limits);
        Compiler = new ModuleCompiler(engine, _artifacts, new ModuleAdmission(options), optimizations, options, Metrics, _activities, TimeProvider.System);
    }

    public ModuleCompiler Compiler { get; }

    public IOptions<EngineSettings> Settings { get; }

    public HostMetrics Metrics { get; }

    public void Dispose()
    {
        Compiler.Dispose();
        _artifacts.Dispose();
        _activities.Dispose();
        _services.Dispose();
        _engine.Dispose();
    }
}
