using HostService.Support;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>One published service for all tests of this project: they upload different modules and do not disturb each other.</summary>
public sealed class RunningService : IAsyncLifetime
{
    public ServiceProcess Process { get; private set; } = null!;

    public ServiceClient Client => Process.Operator;

    public async Task InitializeAsync() => Process = await ServiceProcess.StartAsync();

    public Task DisposeAsync() => Process.DisposeAsync().AsTask();
}

[CollectionDefinition(Name)]
public sealed class RunningServiceCollection : ICollectionFixture<RunningService>
{
    public const string Name = "One running service";
}
