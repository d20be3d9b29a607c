using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>Makes the images of a module's own memories from its active data segments.</summary>
internal static class MemoryImages
{
    /// <summary>Builds the images.</summary>
    /// <param name="module">The module.</param>
    /// <param name="rest">Takes the active segments that no image holds, in order.</param>
    /// <returns>By memory index; null where a memory is all zero at first or an image isn't possible.</returns>
    public static MemoryImage?[] Build(ModuleSyntax module, List<int> rest)
    {
        var segments = new List<MemoryImageSegment>?[module.Memories.Length];
        var mayTrap = false;
        for (var i = 0; i < module.DataSegments.Length; i++)
        {
            var segment = module.DataSegments[i];
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            // After a segment that can trap nothing may go to an image: had it trapped, the later ones would not have been copied.
            if (!mayTrap && segment.Memory >= module.ImportedMemoryCount
                && segment.Offset.PlaceWithin(LengthBytes(module, segment.Memory), segment.DataLength) is { } start)
            {
                if (segment.DataLength > 0)
                {
                    (segments[segment.Memory] ??= []).Add(new MemoryImageSegment(start, module.Binary.Slice(segment.DataOffset, segment.DataLength)));
                }

                continue;
            }

            mayTrap = true;
            rest.Add(i);
        }

        return [.. segments.Select((list, memory) => list is null ? null : MemoryImage.Create(LengthBytes(module, memory), list))];
    }

    private static ulong LengthBytes(ModuleSyntax module, int memory)
    {
        var type = module.Memories[memory];
        return type.Limits.Minimum > ulong.MaxValue >> type.PageSizeLog2 ? ulong.MaxValue : type.Limits.Minimum << type.PageSizeLog2;
    }
}
