using HostService.Host.Errors;
using HostService.Runtime;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Profiles;

/// <summary>The latest profiles of each tenant, in memory. Thread-safe.</summary>
internal sealed class ProfileStore(IOptions<ProfileOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<StoredProfile> _profiles = []; // guarded by _lock; the oldest first
    private int _recording;                              // guarded by _lock

    /// <summary>Begins a profile of an invocation. It must be ended.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="function">What is called.</param>
    /// <param name="interval">The time between samples.</param>
    /// <exception cref="ProblemException">Too many are being taken.</exception>
    public ProfileRecording Begin(string tenant, string module, string function, TimeSpan interval)
    {
        var profile = new StoredProfile(tenant, module, function, time.GetUtcNow());
        lock (_lock)
        {
            if (_recording == options.Value.MaxConcurrent)
            {
                throw new ProblemException(
                    ProblemTypes.TooManyConcurrent, $"{_recording} invocations are being profiled (HostService__Profiles__MaxConcurrent). Try again later.");
            }

            _recording++;
            _profiles.Add(profile);
            DropOldest_NeedsLock(known => known.Tenant == tenant, kept => kept.Count <= options.Value.MaxPerTenant);
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
            _recording--;
            if (profile.Complete(null))
            {
                _profiles.Remove(profile);
            }

            DropOldest_NeedsLock(
                known => known.ContentNow is not null, kept => kept.Sum(known => (long)known.ContentNow!.Json.Length) <= options.Value.MaxStoredBytes);
        }
    }

    private void DropOldest_NeedsLock(Func<StoredProfile, bool> counts, Func<List<StoredProfile>, bool> fits)
    {
        for (var kept = _profiles.Where(counts).ToList(); kept.Count > 0 && !fits(kept); kept.RemoveAt(0))
        {
            _profiles.Remove(kept[0]);
        }
    }
}
