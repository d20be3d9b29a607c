namespace HostService.Runtime.Syntax;

/// <summary>The instruction table as the reader wants it: the kind of immediates of each opcode in one byte, for one set of features.</summary>
internal static class OpcodeMap
{
    /// <summary>The entry of a number that is no instruction, or one of a proposal that is switched off.</summary>
    public const byte Illegal = 0xFF;

    // Four features outside version 3.0 make sixteen maps of 688 bytes, made when first asked for. Two threads may both make one; either will do.
    private static readonly byte[]?[] s_maps = new byte[1 << 4][];

    /// <summary>The map for a set of features, indexed by <see cref="Op"/>.</summary>
    public static byte[] ImmediatesFor(WasmFeatures features) => s_maps[(int)features] ??= Make(features);

    private static byte[] Make(WasmFeatures features)
    {
        var map = new byte[OpPrefix.OpCount];
        map.AsSpan().Fill(Illegal);
        foreach (var row in InstructionTable.Rows)
        {
            if (features.HasFlag(row.Group.RequiredFeature()))
            {
                map[(ushort)row.Op] = (byte)row.Immediates;
            }
        }

        return map;
    }
}
