using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>Chooses how a memory is accessed.</summary>
internal static class MemoryAccessStrategy
{
    private static readonly IMemoryAccess s_checked32 = new CheckedAccess32();
    private static readonly IMemoryAccess s_checked64 = new CheckedAccess64();

    /// <summary>How a memory of this type is accessed in code compiled with these options.</summary>
    public static IMemoryAccess For(MemoryType memory, CompileOptions options) => memory.Is64 ? s_checked64 : s_checked32;
}
