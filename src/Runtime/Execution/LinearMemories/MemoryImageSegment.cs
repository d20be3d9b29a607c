namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>An active data segment whose offset is constant: bytes that a memory has at its start.</summary>
internal readonly record struct MemoryImageSegment(ulong OffsetBytes, ReadOnlyMemory<byte> Bytes);
