using System.Diagnostics;
using System.Reflection.Metadata;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>The operand stack: what is on the IL stack, what is not emitted yet, what waits in slots. See docs/wasm-to-il.md, section 3.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>How many operands stay on the IL stack at most. RyuJIT's work and memory for a call grow with what lies below it: 36 KB for each with 256, 5 KB with 32.</summary>
    private const int MaxStackOperands = 32;

    // Whether the operands being loaded must not be seen to be constants; see LoadOpaqueFloat.
    private bool _mustNotFold;
    private bool _hasFloatArithmetic;
    private Operand[] _operands = new Operand[256];
    private int _height;

    // Operands below were there when the current block began: they are not put on the IL stack before something consumes them.
    private int _floor;

    // Among how many operands, from the top, local.set looks for the pending reads of its local. If it has not found them by then it emits all pending reads there are, so that
    // each operand is passed by once more at most: a function can have 50,000 reads wait below a million constants.
    private const int MaxReadsPassed = 32;

    // How many operands are pending reads of each local, so that local.set need not look for them; and of all locals.
    private int[] _pendingReads = new int[64];
    private int _allPendingReads;

    private void Push(in Operand operand)
    {
        if (_height == _operands.Length)
        {
            Array.Resize(ref _operands, _height * 2);
        }

        // What was below may have been consumed since the block began; this operand was not there then.
        _floor = Math.Min(_floor, _height);
        _operands[_height++] = operand;
    }

    /// <summary>Notes that the instruction just emitted left a value on the IL stack.</summary>
    private void PushStack(ValueKind kind) => Push(new Operand(kind, OperandPlace.Stack));

    private void PushLocal(int local) => PutBack(new Operand(KindOfLocal(local), OperandPlace.Local, local));

    /// <summary>Pushes an operand as it is, such as one that <see cref="TakeTop"/> took.</summary>
    private void PutBack(in Operand operand)
    {
        if (operand.Place == OperandPlace.Local)
        {
            _pendingReads[operand.Index]++;
            _allPendingReads++;
        }

        Push(operand);
    }

    /// <summary>Takes operands away that <see cref="Settle"/> put on the IL stack and the emitted instruction consumed.</summary>
    private void Consume(int count) => _height -= count;

    /// <summary>Puts the top operands on the IL stack, in order and on top.</summary>
    /// <param name="count">How many.</param>
    /// <param name="beforeResult">Whether the instruction will push: then what is pending below goes first, so that nothing has to be moved later.</param>
    private void Settle(int count, bool beforeResult)
    {
        var busy = _busyTemporaries.Count;
        var first = _height - count;
        var topmost = _height - 1;
        while (topmost >= first && _operands[topmost].Place != OperandPlace.Stack)
        {
            topmost--;
        }

        var load = topmost + 1;
        if (topmost >= first)
        {
            var gap = first;
            while (gap <= topmost && _operands[gap].Place == OperandPlace.Stack)
            {
                gap++;
            }

            if (gap <= topmost)
            {
                // Something on the IL stack lies above something that is not: it waits in temporaries.
                for (var i = topmost; i > gap; i--)
                {
                    if (_operands[i].Place == OperandPlace.Stack)
                    {
                        _operands[i] = StoreTemporary(_operands[i].Kind);
                    }
                }

                load = gap;
            }
        }

        if (beforeResult && load <= first)
        {
            load = first;
            while (load > _floor && _operands[load - 1].Place != OperandPlace.Stack && _il.Depth + _height - load < MaxStackOperands)
            {
                load--;
            }
        }

        for (var i = load; i < _height; i++)
        {
            LoadAt(i);
            _operands[i] = OnStack(_operands[i]);
        }

        ReleaseTemporaries(busy);
        Debug.Assert(_il.Depth >= count, "The operands are on the IL stack.");
    }

    /// <summary>Takes the top operand away from the stack, to be loaded with <see cref="Load"/>, as often as needed, before the instruction is done.</summary>
    private Operand TakeTop()
    {
        var top = _operands[--_height];
        switch (top.Place)
        {
            case OperandPlace.Stack: return StoreTemporary(top.Kind);
            case OperandPlace.Local: ForgetRead(top.Index); break;
        }

        return top;
    }

    private void ForgetRead(int local)
    {
        _pendingReads[local]--;
        _allPendingReads--;
    }

    private void LoadAt(int height)
    {
        ref readonly var operand = ref _operands[height];
        if (operand.Place == OperandPlace.Local)
        {
            ForgetRead(operand.Index);
        }

        if (_mustNotFold)
        {
            LoadUnfoldable(operand);
        }
        else
        {
            Load(operand);
        }
    }

    /// <summary>Emits what puts an operand on the IL stack.</summary>
    private void Load(in Operand operand)
    {
        switch (operand.Place)
        {
            case OperandPlace.Constant: LoadConstant(operand.Kind, operand.Bits); break;
            case OperandPlace.Slot: _il.Ldloc(operand.Index); break;
            case OperandPlace.Local: LoadPendingRead(operand); break;
            default: throw new UnreachableException("An operand on the IL stack is not loaded again.");
        }
    }

    // (kind)local + bits
    private void LoadPendingRead(in Operand operand)
    {
        LoadLocal(operand.Index);
        if (operand.Kind != KindOfLocal(operand.Index))
        {
            _il.Op(operand.Kind == ValueKind.I32 ? ILOpCode.Conv_i4 : ILOpCode.Conv_u8);
        }

        if (operand.Bits != 0)
        {
            LoadConstant(operand.Kind, operand.Bits);
            _il.Op(ILOpCode.Add);
        }
    }

    private void LoadConstant(ValueKind kind, ulong bits)
    {
        switch (kind)
        {
            case ValueKind.I32: _il.Ldc((int)bits); break;
            case ValueKind.I64: _il.Ldc((long)bits); break;

            case ValueKind.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)): LoadOpaqueFloat(kind, bits); break;
            case ValueKind.F64 when double.IsNaN(BitConverter.UInt64BitsToDouble(bits)): LoadOpaqueFloat(kind, bits); break;
            case ValueKind.F32: _il.LdcR4((uint)bits); break;
            case ValueKind.F64: _il.LdcR8(bits); break;
            case ValueKind.Ref: _il.Op(ILOpCode.Ldnull); break;
            default: throw new UnreachableException($"There are no pending constants of type {kind}.");
        }
    }

    /// <summary>Puts a float on the IL stack that RyuJIT does not see to be a constant.</summary>
    /// <remarks>
    /// It would make a signalling NaN quiet, for it keeps float constants as doubles; and it takes <c>x - 0</c>, <c>x + -0</c>, <c>x * 1</c> and <c>x / 1</c> for
    /// <c>x</c>, which hands a signalling NaN through where the specification asks for a quiet one.
    /// </remarks>
    private void LoadOpaqueFloat(ValueKind kind, ulong bits)
    {
        if (kind == ValueKind.F32)
        {
            _il.Ldc((int)bits);
            _il.Call(Members.Intrinsic(Op.F32ReinterpretI32));
        }
        else
        {
            _il.Ldc((long)bits);
            _il.Call(Members.Intrinsic(Op.F64ReinterpretI64));
        }
    }

    /// <summary>As <see cref="Load"/>, for a value that float arithmetic works on or may work on later.</summary>
    private void LoadUnfoldable(in Operand operand)
    {
        if (operand.Place == OperandPlace.Constant && IsArithmeticIdentity(operand.Kind, operand.Bits))
        {
            LoadOpaqueFloat(operand.Kind, operand.Bits);
        }
        else
        {
            Load(operand);
        }
    }

    // Plus or minus 0 or 1.
    private static bool IsArithmeticIdentity(ValueKind kind, ulong bits) => kind switch
    {
        ValueKind.F32 => (bits & int.MaxValue) is 0 or 0x3F800000,
        ValueKind.F64 => (bits & long.MaxValue) is 0 or 0x3FF0000000000000,
        _ => false,
    };

    /// <summary>Puts every operand that is on the IL stack into its slot, and leaves the IL stack empty.</summary>
    private void SpillStack()
    {
        for (var i = _height - 1; _il.Depth > 0; i--)
        {
            if (_operands[i].Place == OperandPlace.Stack)
            {
                _operands[i] = StoreSlot(i, _operands[i].Kind);
            }
        }
    }

    private void BoundStack()
    {
        if (_il.Depth > MaxStackOperands && !_dead)
        {
            SpillStack();
        }
    }

    /// <summary>As <see cref="SpillStack"/>, and pending reads too: what follows may run several times, or not at all.</summary>
    private void SpillAll()
    {
        SpillStack();
        SpillPendingReads();
    }

    private void SpillPendingReads()
    {
        for (var i = _height - 1; i >= _floor && _allPendingReads > 0; i--)
        {
            if (_operands[i].Place == OperandPlace.Local)
            {
                LoadAt(i);
                _operands[i] = StoreSlot(i, _operands[i].Kind);
            }
        }
    }

    /// <summary>Emits the pending reads of a local that is about to change.</summary>
    private void SpillReads(int local)
    {
        var last = _height - MaxReadsPassed;
        for (var i = _height - 1; _pendingReads[local] > 0; i--)
        {
            if (i < last)
            {
                SpillPendingReads();
                return;
            }

            if (_operands[i].Place == OperandPlace.Local && _operands[i].Index == local)
            {
                LoadAt(i);
                _operands[i] = StoreSlot(i, _operands[i].Kind);
            }
        }
    }

    /// <summary>Forgets operands that nothing will consume, such as those below the arguments of a branch.</summary>
    private void Discard(int height)
    {
        while (_height > height)
        {
            if (_operands[--_height].Place == OperandPlace.Local)
            {
                ForgetRead(_operands[_height].Index);
            }
        }
    }

    private void PopLeftOvers(int keep)
    {
        while (_il.Depth > keep)
        {
            _il.Op(ILOpCode.Pop);
        }
    }
}
