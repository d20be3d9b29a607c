namespace HostService.Runtime;

/// <summary>How a <see cref="GuestProfile"/> is taken. Immutable and thread-safe.</summary>
public sealed record GuestProfileOptions
{
    /// <summary>A sample each millisecond, at most 10,000 of them.</summary>
    public static GuestProfileOptions Default { get; } = new();

    /// <summary>The time between samples, 1 ms to 1 s. Default: 1 ms.</summary>
    /// <remarks>
    /// Where taking a sample turns out to be slow, because the guest's stack is deep, samples are taken less often, so that they use no more than about an eighth of the
    /// guest's time. Each sample says how many intervals it stands for.
    /// </remarks>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How many samples to keep, 2 to 1,000,000. Default: 10,000.</summary>
    /// <remarks>When there are more, each pair of neighbours becomes one and from then on half as many are taken: the profile always covers the whole of the time.</remarks>
    public int MaxSamples { get; init; } = 10_000;

    /// <summary>How many of a sample's innermost frames to keep, 1 to 10,000. Default: 512.</summary>
    public int MaxFrames { get; init; } = 512;

    /// <summary>What the profile calls the guest: its thread, and its modules that have no name. Default: <c>guest</c>.</summary>
    public string Name { get; init; } = "guest";
}
