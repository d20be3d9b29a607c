using HostService.Architecture.Tests.Metadata;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>What the service's parts may see, checked on the compiled program.</summary>
public sealed class HostArrowsTests : IDisposable
{
    private const string Storage = "HostService.Host.Storage";

    private readonly CompiledAssembly _host = CompiledAssembly.Open(Path.Combine(AppContext.BaseDirectory, "Host.Api.dll"));

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Storage_Uses_NoTypeOfAspNetCore() => Check.None(StorageUses()
        .Where(use => use.Used.Assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
        .Select(use => use.ToString()));

    [Fact]
    public void Storage_Uses_NoFeature() => Check.None(StorageUses()
        .Where(use => use.Used.Namespace.StartsWith("HostService.Host.Features", StringComparison.Ordinal))
        .Select(use => use.ToString()));

    [Fact]
    public void Storage_Uses_NothingOfTheEngine() => Check.None(StorageUses()
        .Where(use => use.Used.Assembly == "HostService.Runtime")
        .Select(use => use.ToString()));

    [Fact]
    public void Service_Uses_OnlyPublicTypesOfTheEngine()
    {
        using var engine = CompiledAssembly.Open(Path.Combine(AppContext.BaseDirectory, "HostService.Runtime.dll"));
        var open = engine.PublicTypes();

        var uses = _host.Uses().Where(use => use.Used.Assembly == "HostService.Runtime").ToList();

        Assert.NotEmpty(uses);
        Check.None(uses.Where(use => !open.Contains(use.Used)).Select(use => use.ToString()));
    }

    [Fact]
    public void Engine_OpensItsInternals_ToNoProgramThatIsDelivered() =>
        Assert.DoesNotContain("InternalsVisibleTo Include=\"Host.Api\"", Repository.Read("src/Runtime/Runtime.csproj"), StringComparison.Ordinal);

    private IEnumerable<TypeUse> StorageUses() => _host.Uses().Where(use => use.User.Namespace.StartsWith(Storage, StringComparison.Ordinal));
}
