using HostService.Host.Errors;
using HostService.Host.Features.Profiles;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features;

/// <summary>Places for profiles and the memory that they are kept in are shared by tenants: none can take them all.</summary>
public class ProfileStoreTests
{
    [Fact]
    public void Begin_OfATenantWithAllOfItsPlaces_IsRefusedAndLeavesTheOthersTheirs()
    {
        var store = Store(new ProfileOptions { MaxConcurrent = 4, MaxConcurrentPerTenant = 2 });
        using var first = Begin(store, "a");
        using var second = Begin(store, "a");

        var refused = Assert.Throws<ProblemException>(() => Begin(store, "a"));
        using var others = Begin(store, "b");

        Assert.Equal(ProblemTypes.TooManyConcurrent, refused.Type);
        Assert.Contains("HostService__Profiles__MaxConcurrentPerTenant", refused.Message, StringComparison.Ordinal);
        first.Dispose();
        Begin(store, "a").Dispose();
    }

    [Fact]
    public void Begin_BeyondAllPlaces_IsRefused()
    {
        var store = Store(new ProfileOptions { MaxConcurrent = 2, MaxConcurrentPerTenant = 1 });
        using var first = Begin(store, "a");
        using var second = Begin(store, "b");

        var refused = Assert.Throws<ProblemException>(() => Begin(store, "c"));

        Assert.Equal(ProblemTypes.TooManyConcurrent, refused.Type);
        Assert.Contains("(HostService__Profiles__MaxConcurrent)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_SwitchedOff_SaysSo()
    {
        var refused = Assert.Throws<ProblemException>(() => Begin(Store(new ProfileOptions { MaxConcurrent = 0 }), "a"));

        Assert.Equal(ProblemTypes.Forbidden, refused.Type);
        Assert.Equal("Profiles are switched off on this host (HostService__Profiles__MaxConcurrent is 0).", refused.Message);
    }

    [Fact]
    public void Bytes_BeyondTheirNumber_GoFromWhoKeepsMost()
    {
        var store = Store(new ProfileOptions { MaxStoredBytes = 1_000, MaxPerTenant = 100 });
        var modest = Take(store, "modest", 100);
        string[] greedy = [.. Enumerable.Range(0, 20).Select(_ => Take(store, "greedy", 150))];

        Assert.Equal([modest], store.Of("modest").Select(profile => profile.Id));
        Assert.Equal(greedy.TakeLast(6).Reverse(), store.Of("greedy").Select(profile => profile.Id));
    }

    [Fact]
    public void Bytes_OfOneProfile_BeyondTheirNumber_AreNotKept()
    {
        var store = Store(new ProfileOptions { MaxStoredBytes = 1_000 });
        Take(store, "a", 1_001);

        Assert.Empty(store.Of("a"));
    }

    [Fact]
    public void Profiles_OfATenantBeyondTheirNumber_AreTheLatest_AlsoWhenTheOldestIsStillBeingTaken()
    {
        var store = Store(new ProfileOptions { MaxPerTenant = 2 });
        using var oldest = Begin(store, "a");
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => Take(store, "a", 1))];
        oldest.Dispose();

        Assert.Equal([ids[2], ids[1]], store.Of("a").Select(profile => profile.Id));
        using var next = Begin(store, "a");
        using var another = Begin(store, "a");
    }

    private static ProfileStore Store(ProfileOptions options) => new(Options.Create(options), TimeProvider.System);

    private static ProfileRecording Begin(ProfileStore store, string tenant) => store.Begin(tenant, "m", "f", TimeSpan.FromMilliseconds(1));

    private static string Take(ProfileStore store, string tenant, int bytes)
    {
        using var recording = Begin(store, tenant);
        store.Find(tenant, recording.Id)!.Complete(new ProfileContent(new byte[bytes], 1, TimeSpan.Zero));
        return recording.Id;
    }
}
