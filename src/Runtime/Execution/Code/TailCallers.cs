using System.Reflection;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.Code;

/// <summary>Tells frames that are on the CLR's stack though their function has ended.</summary>
/// <remarks>
/// A tail call whose arguments need more of the stack than the caller's own took is made by a method of the CLR, which loops over such calls. The first of them leaves its caller's frame below that loop until the last
/// callee returns: one frame, however many calls follow, which WebAssembly does not have. That the instruction of a frame is a tail call proves nothing: in optimised code it may be one that RyuJIT removed.
/// </remarks>
internal static class TailCallers
{
    /// <summary>Whether a method of a stack trace is that loop: the next function outwards has ended.</summary>
    /// <param name="method">The method.</param>
    public static bool IsDispatcher(MethodBase method) => method.Name == "DispatchTailCalls" && method.DeclaringType == typeof(RuntimeHelpers);
}
