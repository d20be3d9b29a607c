namespace HostService.Host.Storage;

/// <summary>A stored binary is missing, or is not what was stored.</summary>
public sealed class CorruptBinaryException(Digest digest, string reason, Exception? inner = null)
    : Exception($"The stored binary {digest} {reason}.", inner)
{
    /// <summary>Which one.</summary>
    public Digest Digest { get; } = digest;
}
