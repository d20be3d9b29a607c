namespace HostService.Host.Storage;

/// <summary>The store can't write: its disk is full, or gone, or not its own. What it held before, it still holds.</summary>
public sealed class StorageUnavailableException(string reason, Exception inner) : Exception($"The store can't be written: {reason}", inner);
