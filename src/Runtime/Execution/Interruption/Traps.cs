using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>Makes traps. Emitted code and intrinsics throw what these return, so that RyuJIT sees a block that throws and moves it out of the way.</summary>
internal static class Traps
{
    /// <summary>A trap at an instruction.</summary>
    /// <param name="code">Why.</param>
    /// <param name="offset">The instruction's offset in bytes from the start of the binary.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TrapException Trap(TrapCode code, int offset) => new(code, offset);
}
