using HostService.Runtime.Syntax;

namespace HostService.Runtime.Binary;

/// <content>The memory section, and limits.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/types.html#limits">Spec: limits</see></remarks>
internal sealed partial class ModuleDecoder
{
    private const int DefaultPageSizeLog2 = 16;

    [Flags]
    private enum LimitsFlags : byte
    {
        None = 0,
        HasMaximum = 1,
        IsShared = 2,
        Is64 = 4,
        HasPageSize = 8,
    }

    private void DecodeMemories(ref WasmReader reader)
    {
        var imported = _module.Memories.Length;
        var memories = Extend(_module.Memories, ReadCount(ref reader, _limits.MaxMemories, "memories", imported));
        for (var i = imported; i < memories.Length; i++)
        {
            memories[i] = ReadMemoryType(ref reader);
        }

        _module.Memories = memories;
    }

    private MemoryType ReadMemoryType(ref WasmReader reader)
    {
        var allowed = LimitsFlags.HasMaximum | LimitsFlags.Is64
            | (_features.HasFlag(WasmFeatures.Threads) ? LimitsFlags.IsShared : LimitsFlags.None)
            | (_features.HasFlag(WasmFeatures.CustomPageSizes) ? LimitsFlags.HasPageSize : LimitsFlags.None);
        var limits = ReadLimits(ref reader, allowed, out var flags);
        var pageSize = DefaultPageSizeLog2;
        if (flags.HasFlag(LimitsFlags.HasPageSize))
        {
            var start = reader.Position;
            var log2 = reader.ReadU32();
            if (log2 > 63)
            {
                WasmReader.ThrowMalformed($"invalid custom page size 2^{log2}", start);
            }

            pageSize = (int)log2;
        }

        return new MemoryType(limits, flags.HasFlag(LimitsFlags.Is64), flags.HasFlag(LimitsFlags.IsShared), pageSize);
    }

    private static Limits ReadLimits(ref WasmReader reader, LimitsFlags allowed, out LimitsFlags flags)
    {
        var start = reader.Position;
        flags = (LimitsFlags)reader.ReadByte();
        if ((flags & ~allowed) != 0)
        {
            var missing = (flags & ~allowed) switch
            {
                LimitsFlags.IsShared => $": a shared one needs the feature {WasmFeatures.Threads}",
                LimitsFlags.HasPageSize => $": a page size needs the feature {WasmFeatures.CustomPageSizes}",
                _ => "",
            };
            WasmReader.ThrowMalformed($"malformed limits flags{missing}", start);
        }

        // 64 bits also for 32-bit addresses: that they are too large is for validation to say.
        var minimum = reader.ReadU64();
        return new Limits(minimum, flags.HasFlag(LimitsFlags.HasMaximum) ? reader.ReadU64() : null);
    }
}
