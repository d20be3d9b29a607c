namespace HostService.Runtime.Debugging;

/// <summary>Debugging information that can't be read, or that takes too long. Caught in this folder: to everybody else it is as if there were none.</summary>
internal sealed class DwarfException(string message) : Exception(message);
