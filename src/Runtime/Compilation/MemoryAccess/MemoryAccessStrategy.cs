using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>Chooses how a memory is accessed.</summary>
internal static class MemoryAccessStrategy
{
    private static readonly IMemoryAccess s_checked32 = new CheckedAccess32();
    private static readonly IMemoryAccess s_checked64 = new CheckedAccess64();
    private static readonly IMemoryAccess s_guarded32 = new GuardedAccess32();

    /// <summary>How a memory of this type is accessed in code compiled with these options.</summary>
    public static IMemoryAccess For(MemoryType memory, CompileOptions options) => memory switch
    {
        { Is64: true } => s_checked64,
        { PageSizeLog2: 16 } when options.GuardPages => s_guarded32,
        _ => s_checked32,   // a length that is no multiple of the system's page cannot be guarded
    };
}
