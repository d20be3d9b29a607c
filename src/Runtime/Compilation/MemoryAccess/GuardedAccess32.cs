using System.Reflection.Metadata;
using HostService.Runtime.Compilation.Functions;
using HostService.Runtime.Compilation.IL;

namespace HostService.Runtime.Compilation.MemoryAccess;

/// <summary>Leaves the check of a memory with 32-bit addresses to the processor: what lies past the memory's length, up to index + offset + width, faults.</summary>
/// <remarks>
/// RyuJIT reads fewer bytes than asked for when fewer are used (<c>(int)*(long*)p</c>, <c>*p &amp; 255</c>, a value that is dropped), and then an access
/// across the end would not fault. So the last byte of a load is touched first, which RyuJIT keeps as a compare. The address must be built anew for each use and
/// never be kept in a local: of a local RyuJIT remembers that it was dereferenced, takes it for not null from then on, and drops later touches near it.
/// See docs/adr/0004.
/// </remarks>
internal sealed class GuardedAccess32 : IMemoryAccess
{
    /// <inheritdoc/>
    public bool Faults => true;

    /// <inheritdoc/>
    public void EmitAddress(in FunctionCompiler.MemoryAccessContext context, ulong offset, int bytes)
    {
        if (context.TouchEnd is not { } touchEnd)
        {
            EmitSum(context, (long)offset);
            return;
        }

        // _ = *(byte*)(base + (uint)index + touchEnd - 1); The store is a statement of its own even where the index is in a local already: without it, what a
        // touch's fault is mapped to is often the access before.
        var il = context.IL;
        var index = context.Temporary(ILType.Int32);
        il.Stloc(index);
        il.Ldloc(index);
        EmitSum(context, (long)touchEnd - 1);
        il.Op(ILOpCode.Ldind_u1);
        il.Op(ILOpCode.Pop);

        // base + (uint)index + offset
        il.Ldloc(index);
        EmitSum(context, (long)offset);
        context.Release(ILType.Int32, index);
    }

    // IL stack: [int32] → [native int]
    private static void EmitSum(in FunctionCompiler.MemoryAccessContext context, long offset)
    {
        var il = context.IL;
        il.Op(ILOpCode.Conv_u);
        context.LoadBase();
        il.Op(ILOpCode.Add);
        if (offset != 0)
        {
            il.LdcNative(offset);
            il.Op(ILOpCode.Add);
        }
    }
}
