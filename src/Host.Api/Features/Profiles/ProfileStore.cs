using HostService.Host.Errors;
using HostService.Runtime;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Profiles;

/// <summary>The latest profiles of each tenant, in memory. Thread-safe.</summary>
internal sealed class ProfileStore(IOptions<ProfileOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<StoredProfile> _profiles = []; // guarded by _lock; the oldest first
    private readonly List<StoredProfile> _recording = []; // guarded by _lock; some may have gone from the others as their tenant's oldest

    /// <summary>Begins a profile of an invocation. It must be ended.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="function">What is called.</param>
    /// <param name="interval">The time between samples.</param>
    /// <exception cref="ProblemException">Too many are being taken, of the tenant or altogether, or none may be.</exception>
    public ProfileRecording Begin(string tenant, string module, string function, TimeSpan interval)
    {
        var profile = new StoredProfile(tenant, module, function, time.GetUtcNow());
        lock (_lock)
        {
            Admit_NeedsLock(tenant);
            _recording.Add(profile);
            _profiles.Add(profile);
            foreach (var oldest in _profiles.Where(known => known.Tenant == tenant).SkipLast(options.Value.MaxPerTenant).ToList())
            {
                _profiles.Remove(oldest);
            }
        }

        return new ProfileRecording(this, profile, new GuestProfileOptions { Interval = interval, MaxSamples = options.Value.MaxSamples, Name = module });
    }

    /// <summary>A tenant's profile, or null.</summary>
    public StoredProfile? Find(string tenant, string id)
    {
        lock (_lock)
        {
            return _profiles.Find(profile => profile.Id == id && profile.Tenant == tenant);
        }
    }

    /// <summary>A tenant's profiles that are complete, the latest first.</summary>
    public IReadOnlyList<StoredProfile> Of(string tenant)
    {
        lock (_lock)
        {
            return [.. _profiles.Where(profile => profile.Tenant == tenant && profile.ContentNow is not null).Reverse()];
        }
    }

    /// <summary>Counts a profile as ended, whether it was completed or not.</summary>
    internal void End(StoredProfile profile)
    {
        lock (_lock)
        {
            _recording.Remove(profile);
            if (profile.Complete(null))
            {
                _profiles.Remove(profile);
            }

            DropBeyondBytes_NeedsLock();
        }
    }

    private void Admit_NeedsLock(string tenant)
    {
        var settings = options.Value;
        if (settings.MaxConcurrent == 0)
        {
            throw new ProblemException(ProblemTypes.Forbidden, "Profiles are switched off on this host (HostService__Profiles__MaxConcurrent is 0).");
        }

        var own = _recording.Count(profile => profile.Tenant == tenant);
        if (own >= settings.MaxConcurrentPerTenant)
        {
            throw TooMany($"{own} invocations of this tenant are being profiled, as many as one may have at once (HostService__Profiles__MaxConcurrentPerTenant)");
        }

        if (_recording.Count >= settings.MaxConcurrent)
        {
            throw TooMany($"{_recording.Count} invocations are being profiled, of all tenants together (HostService__Profiles__MaxConcurrent)");
        }
    }

    private static ProblemException TooMany(string why) => new(ProblemTypes.TooManyConcurrent, $"{why}. Try again when one of them has ended.");

    // Who keeps most makes room, so that nobody's profiles go because of another tenant's.
    private void DropBeyondBytes_NeedsLock()
    {
        while (_profiles.Where(profile => profile.ContentNow is not null).ToList() is var kept && kept.Sum(Bytes) > options.Value.MaxStoredBytes)
        {
            _profiles.Remove(kept.GroupBy(profile => profile.Tenant).MaxBy(own => own.Sum(Bytes))!.First());
        }
    }

    private static long Bytes(StoredProfile profile) => profile.ContentNow!.Json.Length;
}
