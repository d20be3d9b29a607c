using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Atomic accesses. The address is found and checked as for any access; an intrinsic does the rest, because IL has no atomic instruction.</content>
/// <remarks><see href="https://webassembly.github.io/threads/core/syntax/instructions.html#atomic-memory-instructions">Spec: atomic memory instructions</see></remarks>
internal sealed partial class FunctionCompiler
{
    private void EmitAtomic(in Instruction instruction, LoweringRule rule)
    {
        // The values lie above the address: they wait, unless they are not emitted yet.
        var second = rule.Pops > 1 ? TakeTop() : default;
        var first = rule.Pops > 0 ? TakeTop() : default;
        Settle(1, beforeResult: rule.Result != ValueKind.None);
        EmitAddress(instruction, rule, new AddressBase(instruction.Index, AddressBase.Unknown, Added: 0, Start: 0));
        if (rule.Bytes > 1)
        {
            // Memories begin at a page of the system, so a native address is as aligned as its index.
            _il.Ldc(rule.Bytes - 1);
            _il.Ldc(_offset);
            _il.Call(Members.Intrinsic(nameof(Intrinsics.Aligned)));
        }

        if (rule.Pops > 0)
        {
            Load(first);
        }

        if (rule.Pops > 1)
        {
            Load(second);
        }

        if (instruction.Op is Op.MemoryAtomicNotify or Op.MemoryAtomicWait32 or Op.MemoryAtomicWait64)
        {
            LoadMemory(instruction.Index);
            if (instruction.Op != Op.MemoryAtomicNotify)
            {
                LoadState();
                _il.Ldc(_offset);
            }
        }

        _il.Call(rule.Method!);
        Consume(1);
        if (rule.Result != ValueKind.None)
        {
            PushStack(rule.Result);
        }
    }

    /// <summary>Every atomic access is a full fence already, so this one is for what lies around plain accesses.</summary>
    private void EmitFence()
    {
        SpillAll();
        _il.Call(Members.Intrinsic(Op.AtomicFence));
    }
}
