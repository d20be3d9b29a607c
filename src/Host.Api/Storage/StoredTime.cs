namespace HostService.Host.Storage;

/// <summary>Times as they are stored, to the millisecond: what an answer says when something is made is what later ones say.</summary>
public static class StoredTime
{
    /// <summary>The time now.</summary>
    public static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
