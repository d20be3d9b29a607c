namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name.</param>
/// <param name="Node">What it stands for.</param>
/// <param name="Cookie">Its place in listings, which it keeps as long as it exists.</param>
internal sealed record DirectoryEntry(string Name, Node Node, ulong Cookie);
