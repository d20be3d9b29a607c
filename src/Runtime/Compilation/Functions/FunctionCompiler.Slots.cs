using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>The IL locals in which operands wait, and temporaries.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>
    /// Up to this many locals a method gets a new one for each operand that waits: RyuJIT puts the definition of a local back into the tree that uses it only if that is its sole definition
    /// and use. Beyond it they are reused: RyuJIT inlines nothing into a method with 512 locals and tracks 1,024.
    /// </summary>
    private const int MaxFreshLocals = 256;

    // By type and height, the slot + 1; 0 when there is none yet.
    private readonly int[][] _slots = [.. Enumerable.Range(0, (int)ValueKind.Ref + 1).Select(_ => Array.Empty<int>())];
    private readonly int[] _slotsUsed = new int[(int)ValueKind.Ref + 1];
    private readonly Stack<int>[] _freeTemporaries = [.. Enumerable.Range(0, (int)ILType.Native + 1).Select(_ => new Stack<int>())];
    private readonly List<(ILType Type, int Local)> _busyTemporaries = [];

    private void ClearSlots()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i].AsSpan(0, _slotsUsed[i]).Clear();
            _slotsUsed[i] = 0;
        }

        foreach (var free in _freeTemporaries)
        {
            free.Clear();
        }

        _busyTemporaries.Clear();
    }

    /// <summary>The slot that an operand of this type has at this height.</summary>
    private int SlotAt(int height, ValueKind kind)
    {
        ref var slots = ref _slots[(int)kind];
        if (height >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(height + 1, slots.Length * 2));
        }

        if (slots[height] == 0)
        {
            slots[height] = NewLocal((ILType)kind) + 1;
            _slotsUsed[(int)kind] = Math.Max(_slotsUsed[(int)kind], height + 1);
        }

        return slots[height] - 1;
    }

    /// <summary>Moves the top of the IL stack to a slot: that of its height, where two ways may meet, or one that nothing else is stored to.</summary>
    private Operand StoreSlot(int height, ValueKind kind, bool mayMeet = false)
    {
        var slot = mayMeet || _il.Locals.Count >= MaxFreshLocals ? SlotAt(height, kind) : NewLocal((ILType)kind);
        _il.Stloc(slot);
        return new Operand(kind, OperandPlace.Slot, slot);
    }

    /// <summary>Takes the array on the IL stack to the address of an element that is known to exist.</summary>
    private void LoadElementAddress(int element, int elementBytes)
    {
        _il.Ldflda(Members.ArrayData);
        AddElementOffset(element, elementBytes);
    }

    private void AddElementOffset(int element, int elementBytes)
    {
        if (element != 0)
        {
            _il.LdcNative((long)element * elementBytes);
            _il.Op(ILOpCode.Add);
        }
    }

    private void LoadIndirect(ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.I32: _il.Op(ILOpCode.Ldind_i4); break;
            case ValueKind.I64: _il.Op(ILOpCode.Ldind_i8); break;
            case ValueKind.F32: _il.Op(ILOpCode.Ldind_r4); break;
            case ValueKind.F64: _il.Op(ILOpCode.Ldind_r8); break;
            case ValueKind.V128: _il.Ldobj(Image.SignatureWriter.Vector128Token, ILType.Vector128); break;
            default: _il.Op(ILOpCode.Ldind_ref); break;
        }
    }

    private void StoreIndirect(ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.I32: _il.Op(ILOpCode.Stind_i4); break;
            case ValueKind.I64: _il.Op(ILOpCode.Stind_i8); break;
            case ValueKind.F32: _il.Op(ILOpCode.Stind_r4); break;
            case ValueKind.F64: _il.Op(ILOpCode.Stind_r8); break;
            case ValueKind.V128: _il.Stobj(Image.SignatureWriter.Vector128Token); break;
            default: _il.Op(ILOpCode.Stind_ref); break;
        }
    }

    private int NewLocal(ILType type) => _il.Locals.Count < ILWriter.MaxLocals
        ? _il.DeclareLocal(type)
        : throw Limit($"more than {ILWriter.MaxLocals} locals: its own, and one for each operand that waits");

    /// <summary>A local for the moment, to be given back by whoever took it.</summary>
    private int TemporaryFor(ILType type) =>
        _freeTemporaries[(int)type].TryPop(out var local) ? local : NewLocal(type);

    /// <summary>Moves the top of the IL stack to a temporary that lasts until the instruction is done, unless it is released before.</summary>
    private Operand StoreTemporary(ValueKind kind)
    {
        var local = TemporaryFor((ILType)kind);
        _busyTemporaries.Add(((ILType)kind, local));
        _il.Stloc(local);
        return new Operand(kind, OperandPlace.Slot, local);
    }

    private void ReleaseTemporaries(int keep = 0)
    {
        for (var i = _busyTemporaries.Count - 1; i >= keep; i--)
        {
            var (type, local) = _busyTemporaries[i];
            Release(type, local);
            _busyTemporaries.RemoveAt(i);
        }
    }

    private void Release(ILType type, int local)
    {
        if (_il.Locals.Count >= MaxFreshLocals)
        {
            _freeTemporaries[(int)type].Push(local);
        }
    }
}
