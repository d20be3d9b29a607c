using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Makes keys, and finds out whom a presented one speaks for.</summary>
internal sealed class ApiKeys(ITenantStore tenants, OperatorKey operatorKey, KnownKeys known, TimeProvider time)
{
    /// <summary>Longer ones are refused unread.</summary>
    public const int MaxKeyLength = 256;

    private const string Prefix = "hs_";
    private const string Scheme = "Bearer ";
    private const int KeyBytes = 32;
    private static readonly int s_keyLength = Prefix.Length + Base64Url.GetEncodedLength(KeyBytes);

    /// <summary>Makes a key and stores its hash.</summary>
    /// <returns>The key, which nobody can find out again, and what is stored of it; or null when there is no such tenant.</returns>
    public async Task<(string Key, StoredKey Stored)?> CreateAsync(string tenant, Role role, CancellationToken cancellationToken)
    {
        var key = Generate();
        var stored = new StoredKey(ImmutableArray.Create(KeyHash.Of(key).ToArray()), tenant, role, StoredTime.Now(time));
        return await tenants.AddKeyAsync(stored, cancellationToken) ? (key, stored) : null;
    }

    /// <summary>The keys of a tenant, the oldest first.</summary>
    public async Task<IReadOnlyList<StoredKey>> ListAsync(string tenant, CancellationToken cancellationToken) =>
        [.. (await tenants.ListKeysAsync(tenant, cancellationToken)).Select(known.WithLatestUse)];

    /// <summary>Removes a key. A request that presents it after this has returned is refused; one that was let through before goes on.</summary>
    /// <returns>False when the tenant has no key of that id.</returns>
    public async Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if ((await tenants.ListKeysAsync(tenant, cancellationToken)).FirstOrDefault(key => KeyHash.IdOf(key) == id) is not { } key)
        {
            return false;
        }

        // Not given up half-way: what is gone from the store must be forgotten here.
        var removed = await tenants.RemoveKeyAsync(key.Hash.AsMemory(), CancellationToken.None);
        known.Forget(KeyHash.Of(key));
        return removed;
    }

    /// <summary>Whom a request's key speaks for, or null when it has none that exists.</summary>
    public ValueTask<Caller?> AuthenticateAsync(HttpContext http) =>
        AuthenticateAsync(http.Request.Headers.Authorization, http.Features.Get<ConnectionKey>(), http.RequestAborted);

    /// <summary>Whom the value of an <c>Authorization</c> header speaks for, or null when it is no key that exists.</summary>
    /// <param name="authorization">The value.</param>
    /// <param name="connection">What its connection presented before, or null when nobody remembers that.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public ValueTask<Caller?> AuthenticateAsync(string? authorization, ConnectionKey? connection, CancellationToken cancellationToken)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var key = authorization.AsSpan(Scheme.Length).Trim();
        if (key.Length is 0 or > MaxKeyLength)
        {
            return default;
        }

        var hash = connection?.HashOf(authorization, key) ?? KeyHash.Of(key);
        if (operatorKey.Matches(hash))
        {
            return new(Caller.Operator);
        }

        if (known.Find(hash) is { } caller)
        {
            return new(caller);
        }

        // What doesn't even look like a key costs no query.
        return key.Length == s_keyLength && key.StartsWith(Prefix, StringComparison.Ordinal) ? FindAsync(hash, cancellationToken) : default;
    }

    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    private async ValueTask<Caller?> FindAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var revocations = known.Revocations;
        return await tenants.FindKeyAsync(hash.ToArray(), cancellationToken) is { } found && hash.FixedTimeEquals(found.Hash.AsSpan())
            ? known.Remember(hash, found, revocations)
            : null;
    }
}
