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
    public IDisposable Begin(Store store) => new Running(profile, GuestProfile.Start(store, options));

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            profiles.End(profile);
        }
    }

    private sealed class Running(StoredProfile place, GuestProfile profile) : IDisposable
    {
        public void Dispose()
        {
            profile.Stop();
            using var json = new MemoryStream();
            using (var compressed = new GZipStream(json, CompressionLevel.Fastest, leaveOpen: true))
            {
                profile.WriteTo(compressed);
            }

            place.Complete(new ProfileContent(json.ToArray(), profile.SampleCount, profile.Duration));
        }
    }
}
