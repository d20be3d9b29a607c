using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Makes keys, and finds out whom a presented one speaks for.</summary>
internal sealed class ApiKeys(ITenantStore tenants, OperatorKey operatorKey, TimeProvider time)
{
    /// <summary>Longer ones are refused unread.</summary>
    public const int MaxKeyLength = 256;

    private const string Prefix = "hs_";
    private const string Scheme = "Bearer ";
    private const int KeyBytes = 32;
    private static readonly int s_keyLength = Prefix.Length + Base64Url.GetEncodedLength(KeyBytes);

    // Keys that exist never change, so what was found once need not be looked up again. As many as there are keys.
    private readonly ConcurrentDictionary<KeyHash, StoredKey> _known = new();

    /// <summary>Makes a key and stores its hash.</summary>
    /// <returns>The key, which nobody can find out again; or null when there is no such tenant.</returns>
    public async Task<string?> CreateAsync(string tenant, Role role, CancellationToken cancellationToken)
    {
        var key = Generate();
        var stored = new StoredKey(ImmutableArray.Create(KeyHash.Of(key).ToArray()), tenant, role, time.GetUtcNow());
        return await tenants.AddKeyAsync(stored, cancellationToken) ? key : null;
    }

    /// <summary>Whom the value of an <c>Authorization</c> header speaks for, or null when it is no key that exists.</summary>
    public ValueTask<Caller?> AuthenticateAsync(string? authorization, CancellationToken cancellationToken)
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

        var hash = KeyHash.Of(key);
        if (operatorKey.Matches(hash))
        {
            return new(Caller.Operator);
        }

        if (_known.TryGetValue(hash, out var known))
        {
            return new(CallerOf(known, hash));
        }

        // What doesn't even look like a key costs no query.
        return key.Length == s_keyLength && key.StartsWith(Prefix, StringComparison.Ordinal) ? FindAsync(hash, cancellationToken) : default;
    }

    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    private async ValueTask<Caller?> FindAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        if (await tenants.FindKeyAsync(hash.ToArray(), cancellationToken) is not { } found)
        {
            return null;
        }

        _known[hash] = found;
        return CallerOf(found, hash);
    }

    private static Caller? CallerOf(StoredKey key, KeyHash hash) => hash.FixedTimeEquals(key.Hash.AsSpan()) ? new Caller(key.Tenant, key.Role) : null;
}
