using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary>The timestamps that a guest wants set, in nanoseconds since 1970; null for one that stays.</summary>
internal readonly record struct FileTimes(ulong? Accessed, ulong? Modified)
{
    /// <summary>Takes the times that the flags choose.</summary>
    public static Errno Choose(WasiContext context, ulong accessed, ulong modified, uint which, out FileTimes times)
    {
        times = default;
        var flags = (FstFlags)which;
        if (which > (uint)FstFlags.All || flags.HasFlag(FstFlags.Atim | FstFlags.AtimNow) || flags.HasFlag(FstFlags.Mtim | FstFlags.MtimNow))
        {
            return Errno.Inval;
        }

        var now = UnixTime.Of(context.Options.TimeProvider.GetUtcNow());
        times = new FileTimes(
            flags.HasFlag(FstFlags.AtimNow) ? now : flags.HasFlag(FstFlags.Atim) ? accessed : null,
            flags.HasFlag(FstFlags.MtimNow) ? now : flags.HasFlag(FstFlags.Mtim) ? modified : null);
        return Errno.Success;
    }
}
