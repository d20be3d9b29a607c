namespace HostService.Host.Storage;

/// <summary>A binary has more bytes than the store was told to take.</summary>
public sealed class BinaryTooLargeException(long maxBytes) : Exception($"The binary has more than {maxBytes} bytes.")
{
    /// <summary>The most it may have.</summary>
    public long MaxBytes { get; } = maxBytes;
}
