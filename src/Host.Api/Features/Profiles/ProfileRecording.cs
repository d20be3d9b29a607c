using System.IO.Compression;
using HostService.Runtime;

namespace HostService.Host.Features.Profiles;

/// <summary>A profile that is being taken of an invocation. Disposed when the invocation is over, whatever came of it.</summary>
internal sealed class ProfileRecording(ProfileStore profiles, StoredProfile profile, GuestProfileOptions options) : IDisposable
{
    private bool _ended;

    /// <summary>Names the profile.</summary>
    public string Id => profile.Id;

    /// <summary>Profiles a Store's guests until the result is disposed, on the guest's thread.</summary>
    public Running Begin(Store store) => new(profile, GuestProfile.Start(store, options));

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            profiles.End(profile);
        }
    }

    /// <summary>The profile of one Store.</summary>
    internal sealed class Running(StoredProfile place, GuestProfile profile) : IDisposable
    {
        private bool _discarded;

        /// <summary>Keeps nothing of it: no guest code ran, and the place is left to the Store of the next attempt.</summary>
        public void Discard() => _discarded = true;

        public void Dispose()
        {
            profile.Stop();
            if (_discarded)
            {
                return;
            }

            using var json = new MemoryStream();
            using (var compressed = new GZipStream(json, CompressionLevel.Fastest, leaveOpen: true))
            {
                profile.WriteTo(compressed);
            }

            place.Complete(new ProfileContent(json.ToArray(), profile.SampleCount, profile.Duration));
        }
    }
}
