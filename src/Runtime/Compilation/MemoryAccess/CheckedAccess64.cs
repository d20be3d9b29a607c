using HostService.Runtime.Compilation.Functions;
using HostService.Runtime.Execution.Instructions;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>Checks every access to a memory with 64-bit addresses, where each of the additions may overflow: a helper does it.</summary>
internal sealed class CheckedAccess64 : IMemoryAccess
{
    /// <inheritdoc/>
    public bool Faults => false;

    /// <inheritdoc/>
    public void EmitAddress(in FunctionCompiler.MemoryAccessContext context, ulong offset, int bytes)
    {
        // Intrinsics.Address64(index, memory, offset, bytes, instruction)
        var il = context.IL;
        context.LoadMemory();
        il.Ldc((long)offset);
        il.Ldc(bytes);
        il.Ldc(context.InstructionOffset);
        il.Call(Members.Intrinsic("Address64"));
    }
}
