using System.Collections.Concurrent;
using System.Collections.Immutable;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>The keys that were found once, which need not be looked up again, and when each was used. At most as many as there are keys.</summary>
internal sealed class KnownKeys(TimeProvider time)
{
    private readonly ConcurrentDictionary<KeyHash, Known> _keys = new();
    private int _revocations;

    /// <summary>How many keys were revoked so far.</summary>
    public int Revocations => Volatile.Read(ref _revocations);

    /// <summary>Whom a key speaks for, or null when it was not found yet.</summary>
    public Caller? Find(KeyHash hash) => _keys.TryGetValue(hash, out var known) ? known.Use(time.GetUtcNow()) : null;

    /// <summary>Keeps what the store has found.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="found">What the store has.</param>
    /// <param name="revocations"><see cref="Revocations"/> before the store was asked.</param>
    public Caller Remember(KeyHash hash, StoredKey found, int revocations)
    {
        var now = time.GetUtcNow();
        var known = _keys.GetOrAdd(hash, static (_, made) => new Known(made.found, made.now), (found, now));
        // A key that was revoked between the two would otherwise be kept for ever: whoever revokes counts first and removes then.
        if (Revocations != revocations)
        {
            _keys.TryRemove(hash, out _);
        }

        return known.Use(now);
    }

    /// <summary>Forgets a key that the store doesn't have any more.</summary>
    public void Forget(KeyHash hash)
    {
        Interlocked.Increment(ref _revocations);
        _keys.TryRemove(hash, out _);
    }

    /// <summary>A stored key with its latest use, which may not have been noted yet.</summary>
    public StoredKey WithLatestUse(StoredKey key) =>
        _keys.TryGetValue(KeyHash.Of(key), out var known) && known.LastUsedAt > (key.LastUsedAt ?? DateTimeOffset.MinValue) ? key with { LastUsedAt = known.LastUsedAt } : key;

    /// <summary>The latest use of each key that was used.</summary>
    public IReadOnlyList<KeyUse> Uses() => [.. _keys.Values.Select(known => new KeyUse(known.Hash, known.LastUsedAt))];

    private static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    private sealed class Known(StoredKey key, DateTimeOffset now)
    {
        private readonly Caller _caller = new(key.Tenant, key.Role);
        private long _minute = MinuteOf(now);

        public ImmutableArray<byte> Hash { get; } = key.Hash;

        public DateTimeOffset LastUsedAt => DateTimeOffset.FromUnixTimeSeconds(Volatile.Read(ref _minute) * 60);

        public Caller Use(DateTimeOffset now)
        {
            // To the minute, so that processors that see the same key don't take this line from one another at each request.
            var minute = MinuteOf(now);
            if (Volatile.Read(ref _minute) != minute)
            {
                Volatile.Write(ref _minute, minute);
            }

            return _caller;
        }
    }
}
