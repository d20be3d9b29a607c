namespace HostService.Host.Features.Tenants;

/// <summary>The key that a connection presented last, with its hash: nearly all present the same one with every request, and hashing it is a good part of a short call.</summary>
/// <remarks>
/// A feature of the connection. Only the hash is taken from here; whether it is still the hash of a key is asked every time. Thread-safe: with HTTP/2 a connection has many requests at once. See docs/adr/0131.
/// </remarks>
internal sealed class ConnectionKey
{
    private Presented? _last;

    /// <summary>The hash of a key.</summary>
    /// <param name="authorization">The value of the header that it came in. The server makes no new string of a header that a connection repeats, so that comparing references is enough.</param>
    /// <param name="key">The key in it.</param>
    public KeyHash HashOf(string authorization, ReadOnlySpan<char> key)
    {
        if (Volatile.Read(ref _last) is { } last && ReferenceEquals(last.Authorization, authorization))
        {
            return last.Hash;
        }

        var hash = KeyHash.Of(key);
        Volatile.Write(ref _last, new Presented(authorization, hash));
        return hash;
    }

    private sealed record Presented(string Authorization, KeyHash Hash);
}
