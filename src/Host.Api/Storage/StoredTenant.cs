namespace HostService.Host.Storage;

/// <summary>A tenant.</summary>
/// <param name="Id">Its name.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoredTenant(string Id, DateTimeOffset CreatedAt);
