using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.MemoryAccess;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Memory instructions. How an address is checked is the memory's <see cref="IMemoryAccess"/>.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>Bodies of more bytes check in an inlined helper: with a branch at each access they would come near RyuJIT's limit of 2,000 blocks.</summary>
    private const int ManyAccessesBytes = 5_000;

    // By memory, the IL locals that hold it and its base, both loaded by the prologue; −1 when the function does not use them.
    private int[] _memoryLocals = [];
    private int[] _baseLocals = [];
    private bool? _mayReinterpretFloats;

    private void ClearMemories()
    {
        if (_memoryLocals.Length == 0)
        {
            _memoryLocals = new int[_layout.Module.Memories.Length];
            _baseLocals = new int[_layout.Module.Memories.Length];
        }

        _mayReinterpretFloats = null;
        Array.Fill(_memoryLocals, -1);
        Array.Fill(_baseLocals, -1);
    }

    /// <summary>Whether the function is so large that checks must not add blocks of their own.</summary>
    private bool AvoidsBlocks => _layout.Module.Bodies[_function].Length > ManyAccessesBytes;

    private void EmitLoad(in Instruction instruction, LoweringRule rule)
    {
        if (rule.Pops > 0)
        {
            EmitLoadLane(instruction, rule);
            return;
        }

        // *(T*)address
        var address = BaseOfAddress(instruction.Index);
        Settle(1, beforeResult: true);
        EmitAddress(instruction, rule, address);
        EmitAccess(instruction, rule);
        Consume(1);
        PushStack(rule.Result);
    }

    private void EmitStore(in Instruction instruction, LoweringRule rule)
    {
        // *(T*)address = value; the value is evaluated first but lies above: it waits, unless it is not emitted yet.
        var value = TakeTop();
        var address = BaseOfAddress(instruction.Index);
        Settle(1, beforeResult: false);
        EmitAddress(instruction, rule, address);
        Load(value);
        EmitAccess(instruction, rule);
        Consume(1);
    }

    private void EmitLoadLane(in Instruction instruction, LoweringRule rule)
    {
        // The vector lies above the address, as a store's value does.
        var vector = TakeTop();
        var address = BaseOfAddress(instruction.Index);
        Settle(1, beforeResult: true);
        EmitAddress(instruction, rule, address);
        Load(vector);
        EmitAccess(instruction, rule);
        Consume(1);
        PushStack(rule.Result);
    }

    private void EmitAccess(in Instruction instruction, LoweringRule rule)
    {
        foreach (var code in rule.Codes)
        {
            _il.Op(code);
        }

        if (rule.TakesLane)
        {
            _il.Ldc(instruction.Index2);
        }

        if (rule.Method is { } method)
        {
            _il.Call(method);
        }

        if (_memoryAccess[instruction.Index].Faults)
        {
            NoteSite(AddressSiteKind.Access);
        }
    }

    /// <summary>Turns the address on the IL stack into a native address, or traps. IL stack: <c>[i32 or i64] → [native int]</c>.</summary>
    private void EmitAddress(in Instruction instruction, LoweringRule rule, in AddressBase address)
    {
        // A load of which fewer bytes are used reads fewer (f32.load does only where its bits become an integer: RyuJIT has no smaller float, and keeps four
        // bytes of what is dropped); a method may not be inlined, and what faults must be a frame of the module.
        var mayReadLess = rule.IsLoad && rule.Bytes > 1 && !IsStoredWhole(instruction, rule) && (rule.Codes is not [ILOpCode.Ldind_r4] || MayReinterpretFloats());
        var access = _memoryAccess[instruction.Index];
        var end = address.Start + instruction.Immediate + (ulong)rule.Bytes;
        ulong? touch = null;
        if (access.Faults)
        {
            touch = mayReadLess || rule.Method is not null ? TouchFor(instruction, address, rule.Bytes) : null;
            NoteTouched(address, Math.Max(end, touch ?? 0));
        }

        access.EmitAddress(new MemoryAccessContext(this, instruction.Index, touch - address.Start), instruction.Immediate, rule.Bytes);
    }

    // Whether i32.reinterpret_f32 may be among the function's instructions: its opcode is among the bytes, perhaps as part of another.
    private bool MayReinterpretFloats()
    {
        var body = _layout.Module.Bodies[_function];
        return _mayReinterpretFloats ??= _layout.Module.Binary.Span.Slice(body.Offset, body.Length).Contains((byte)Op.I32ReinterpretF32);
    }

    private void EmitMemorySize(int memory)
    {
        Settle(0, beforeResult: true);
        LoadMemory(memory);
        _il.Call(Members.Intrinsic(Op.MemorySize));
        PushAddress(_layout.Module.Memories[memory].Is64);
    }

    private void EmitMemoryGrow(int memory)
    {
        SettleWide(beforeResult: true);
        LoadMemory(memory);
        LoadState();
        _il.Call(Members.Intrinsic(Op.MemoryGrow));
        PushAddress(_layout.Module.Memories[memory].Is64);
    }

    private void EmitMemoryFill(int memory)
    {
        var count = TakeTop();
        var value = TakeTop();
        SettleWide();
        Load(value);
        LoadWide(count);
        LoadMemory(memory);
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.MemoryFill));
    }

    private void EmitMemoryCopy(int destination, int source)
    {
        LoadRange();
        LoadMemory(destination);
        LoadMemory(source);
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.MemoryCopy));
    }

    private void EmitMemoryInit(int segment, int memory)
    {
        LoadRange();
        LoadMemory(memory);
        LoadState();
        _il.Ldc(segment);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.MemoryInit));
    }

    private void LoadMemory(int memory)
    {
        ref var local = ref _memoryLocals[memory];
        if (local < 0)
        {
            local = NewLocal(ILType.Object);
        }

        _il.Ldloc(local);
    }

    private void LoadBase(int memory)
    {
        ref var local = ref _baseLocals[memory];
        if (local < 0)
        {
            local = NewLocal(ILType.Native);
        }

        _il.Ldloc(local);
    }
}
