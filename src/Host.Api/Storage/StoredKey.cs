using System.Collections.Immutable;

namespace HostService.Host.Storage;

/// <summary>A key as it is stored: by its hash, never by itself.</summary>
/// <param name="Hash">The SHA-256 of the key.</param>
/// <param name="Tenant">The tenant that it speaks for.</param>
/// <param name="Role">What it allows.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it was presented last, to the minute; null when it never was.</param>
public sealed record StoredKey(ImmutableArray<byte> Hash, string Tenant, Role Role, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt = null);

/// <summary>That a key was used.</summary>
/// <param name="Hash">The SHA-256 of the key.</param>
/// <param name="At">When it was presented last, to the minute.</param>
public sealed record KeyUse(ImmutableArray<byte> Hash, DateTimeOffset At);
