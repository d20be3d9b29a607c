namespace HostService.Host.Features.Profiles;

/// <summary>A profile, or the place for one that is still being taken. Thread-safe.</summary>
internal sealed class StoredProfile(string tenant, string module, string function, DateTimeOffset startedAt)
{
    private readonly TaskCompletionSource<ProfileContent?> _content = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names it in its tenant.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string Tenant { get; } = tenant;

    public string Module { get; } = module;

    public string Function { get; } = function;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The profile, once it is taken; null when nothing came of it.</summary>
    public Task<ProfileContent?> Content => _content.Task;

    /// <summary>The profile if it is there.</summary>
    public ProfileContent? ContentNow => Content.IsCompletedSuccessfully ? Content.Result : null;

    /// <summary>Ends the waiting for it.</summary>
    /// <returns>False when that has happened before.</returns>
    public bool Complete(ProfileContent? content) => _content.TrySetResult(content);
}

/// <summary>What a profile says.</summary>
/// <param name="Json">In the Firefox profiler's format, compressed by gzip.</param>
/// <param name="Samples">How many samples it has.</param>
/// <param name="Duration">How long the invocation took.</param>
internal sealed record ProfileContent(byte[] Json, int Samples, TimeSpan Duration);
