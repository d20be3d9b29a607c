using HostService.Runtime.Syntax;

namespace HostService.Runtime.Execution.Code;

/// <summary>Tells frames that are on the CLR's stack though their function has ended.</summary>
/// <remarks>
/// A tail call whose arguments need more of the stack than the caller's own took is made by a helper of the CLR, which loops over such calls. The first of them leaves its caller's frame below that loop until the last
/// callee returns: one frame, however many calls follow, which WebAssembly does not have.
/// </remarks>
internal static class TailCallers
{
    /// <summary>Whether a function that calls from an instruction has ended by that.</summary>
    /// <param name="module">Its module.</param>
    /// <param name="offset">The instruction, in bytes from the start of the binary.</param>
    public static bool HasEnded(ModuleSyntax module, long offset) =>
        (Op)module.Binary.Span[(int)offset] is Op.ReturnCall or Op.ReturnCallIndirect or Op.ReturnCallRef;
}
