using System.Reflection.Metadata;
using HostService.Runtime.Compilation.Functions;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>Checks every access to a memory with 32-bit addresses.</summary>
/// <remarks>The end of the access, at most 2^33 + 15, can't overflow 64 bits, so one compare does.</remarks>
internal sealed class CheckedAccess32 : IMemoryAccess
{
    /// <inheritdoc/>
    public bool Faults => false;

    /// <inheritdoc/>
    public void EmitAddress(in FunctionCompiler.MemoryAccessContext context, ulong offset, int bytes)
    {
        var il = context.IL;
        var address = context.Temporary(ILType.Int64);

        // address = (ulong)(uint)index; if (address + offset + bytes > memory.LengthBytes) throw …;
        il.Op(ILOpCode.Conv_u8);
        il.Stloc(address);
        il.Ldloc(address);
        il.Ldc((long)offset + bytes);
        il.Op(ILOpCode.Add);
        context.LoadMemory();
        if (context.AvoidsBlocks)
        {
            il.Ldc(context.InstructionOffset);
            il.Call(Members.CheckBounds);
        }
        else
        {
            il.Ldfld(Members.MemoryLength);
            il.Branch(ILOpCode.Bgt_un, context.TrapStub(TrapCode.OutOfBoundsMemoryAccess));
        }

        // base + address + offset
        context.LoadBase();
        il.Ldloc(address);
        il.Op(ILOpCode.Conv_u);
        il.Op(ILOpCode.Add);
        if (offset != 0)
        {
            il.LdcNative((long)offset);
            il.Op(ILOpCode.Add);
        }

        context.Release(ILType.Int64, address);
    }
}
