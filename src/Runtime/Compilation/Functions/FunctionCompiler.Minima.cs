using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Minima and maxima of i32 that a loop hands from one iteration to the next, in vector registers.</content>
/// <remarks>
/// RyuJIT makes no conditional moves in loops, so a minimum whose operands are unpredictable is a branch that is often mispredicted, or four instructions of arithmetic in a row. There is a
/// vector instruction for it, which takes one cycle, but three more to and from vector registers. So a local that is both an operand and a result of minima in loops has a twin, a vector whose
/// lowest lane is the local's value: stores to the local are stores to the twin, minima work on twins, and so do additions of constants between them. The local itself is kept too; RyuJIT
/// removes what is never read. Which locals are such is known at the function's end; then it is compiled once more.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private const int None = -1;

    /// <summary>Each minimum takes three locals, and RyuJIT's tracking of locals must not suffer.</summary>
    private const int MaxLocalsBeforeTwins = MaxFreshLocals / 2;

    private readonly HashSet<int> _twinned = [];
    private readonly HashSet<int> _minimumOperands = [];
    private readonly HashSet<int> _minimumResults = [];

    // The IL locals that are twins, by local of WebAssembly and by slot.
    private readonly Dictionary<int, int> _twinsOfLocals = [];
    private readonly Dictionary<int, int> _twinsOfSlots = [];

    // By local, how often it was stored to, so that an operand on the IL stack can be known to be the local still.
    private uint[] _stores = new uint[64];
    private bool _selectIsMinimum;

    /// <summary>Decides which locals are to have twins, once the function is known.</summary>
    /// <returns>Whether any are, so that it must be compiled once more.</returns>
    private bool ChooseTwins()
    {
        // A continuation would have to load them, and the slots of waiting operands that have one, from a frame that has none.
        if (IsContinuation || _minimumResults.Count == 0 || _il.Regions.Count > 0 || _il.Locals.Count >= MaxLocalsBeforeTwins)
        {
            return false;
        }

        _twinned.UnionWith(_minimumOperands);
        _twinned.IntersectWith(_minimumResults);
        return _twinned.Count > 0;
    }

    private void ClearTwins()
    {
        _twinsOfLocals.Clear();
        _twinsOfSlots.Clear();
        _minimumOperands.Clear();
        _minimumResults.Clear();
        _selectIsMinimum = false;
    }

    private void DeclareTwins()
    {
        if (_locals.Count > _stores.Length)
        {
            Array.Resize(ref _stores, Math.Max(_locals.Count, _stores.Length * 2));
        }

        Array.Clear(_stores, 0, _locals.Count);
        foreach (var local in _twinned)
        {
            _twinsOfLocals.Add(local, NewLocal(ILType.Vector128));
        }
    }

    /// <summary>Sets the twins to what their locals are: on entry, and where a loop goes on after it was interrupted.</summary>
    private void InitializeTwins()
    {
        foreach (var (local, twin) in _twinsOfLocals)
        {
            LoadInVector(local);
            _il.Stloc(twin);
        }
    }

    /// <summary>Emits a select that is the minimum or maximum of two locals, if one of them has a twin.</summary>
    private bool TryEmitMinimum()
    {
        _selectIsMinimum = false;
        if (_openLoops.Count == 0 || FindMinimum(LocalOf(_operands[_height - 3]), LocalOf(_operands[_height - 2])) is not { } method)
        {
            return false;
        }

        var (left, right) = (_recent3.Index, _recent2.Index);
        _selectIsMinimum = true;
        _minimumOperands.Add(left);
        _minimumOperands.Add(right);
        if (!_twinsOfLocals.ContainsKey(left) && !_twinsOfLocals.ContainsKey(right))
        {
            return false;
        }

        for (var i = 0; i < 3; i++)
        {
            EmitDrop();
        }

        LoadTwin(new Operand(ValueKind.I32, OperandPlace.Local, left));
        LoadTwin(new Operand(ValueKind.I32, OperandPlace.Local, right));
        _il.Call(Members.Intrinsic(method));
        PushTwin();
        return true;
    }

    // local.get $left, local.get $right, i32.lt_s: the locals that are compared are the ones that are chosen from.
    private string? FindMinimum(int first, int second)
    {
        var (left, right) = (_recent3.Index, _recent2.Index);
        var inOrder = left == first && right == second;
        if (first < 0 || second < 0 || _recent2.Op != Op.LocalGet || !IsRead(_recent3) || (!inOrder && (left != second || right != first)))
        {
            return null;
        }

        return (_recent1.Op, inOrder) switch
        {
            (Op.I32LtS or Op.I32LeS, true) or (Op.I32GtS or Op.I32GeS, false) => nameof(Intrinsics.I32X4MinS),
            (Op.I32GtS or Op.I32GeS, true) or (Op.I32LtS or Op.I32LeS, false) => nameof(Intrinsics.I32X4MaxS),
            (Op.I32LtU or Op.I32LeU, true) or (Op.I32GtU or Op.I32GeU, false) => nameof(Intrinsics.I32X4MinU),
            (Op.I32GtU or Op.I32GeU, true) or (Op.I32LtU or Op.I32LeU, false) => nameof(Intrinsics.I32X4MaxU),
            _ => null,
        };
    }

    /// <summary>Adds a constant in a vector register, if the operand has a twin: so that a chain of minima stays there.</summary>
    private bool TryEmitAddToTwin()
    {
        var operand = _operands[_height - 2];
        if (!_operands[_height - 1].IsInteger || TwinOf(operand) == None)
        {
            return false;
        }

        var constant = TakeTop();
        TakeTop();
        LoadTwin(operand);
        _il.Ldc((int)constant.Bits);
        _il.Call(Members.Intrinsic(Op.I32X4Splat));
        _il.Call(Members.Intrinsic(Op.I32X4Add));
        PushTwin();
        return true;
    }

    /// <summary>Stores to the twin of a local what was just stored to the local.</summary>
    private void StoreTwin(int local, in Operand value)
    {
        _stores[local]++;
        var isMinimum = _recent1.Op is Op.Select or Op.SelectT || (_recent1.Op == Op.I32Add && _recent2.Op == Op.I32Const && _recent3.Op is Op.Select or Op.SelectT);
        if (_selectIsMinimum && isMinimum)
        {
            _minimumResults.Add(local);
        }

        if (_twinsOfLocals.TryGetValue(local, out var twin))
        {
            // Not by LoadTwin of the local: that would be its old twin.
            if (TwinOf(value) is not None and var stored)
            {
                _il.Ldloc(stored);
            }
            else
            {
                LoadInVector(local);
            }

            _il.Stloc(twin);
        }
    }

    // A vector whose lowest lane is the operand, made of the local if it has no twin.
    private void LoadTwin(in Operand operand)
    {
        if (TwinOf(operand) is not None and var twin)
        {
            _il.Ldloc(twin);
        }
        else
        {
            LoadInVector(operand.Index);
        }
    }

    private void LoadInVector(int local)
    {
        LoadLocal(local);
        _il.Call(Members.Intrinsic(nameof(Intrinsics.InVector)));
    }

    private int TwinOf(in Operand operand) => operand.Place switch
    {
        OperandPlace.Local when operand.Bits == 0 => _twinsOfLocals.GetValueOrDefault(operand.Index, None),
        OperandPlace.Slot => _twinsOfSlots.GetValueOrDefault(operand.Index, None),
        _ => None,
    };

    // Pushes what is on the IL stack as a slot with a twin.
    private void PushTwin()
    {
        var (twin, slot) = (NewLocal(ILType.Vector128), NewLocal(ILType.Int32));
        _il.Stloc(twin);
        _il.Ldloc(twin);
        _il.Call(Members.Intrinsic(nameof(Intrinsics.FromVector)));
        _il.Stloc(slot);
        _twinsOfSlots.Add(slot, twin);
        Push(new Operand(ValueKind.I32, OperandPlace.Slot, slot));
    }

    // Which local an operand is the value of, pending or on the IL stack; none if it is not known or the local has changed since.
    private int LocalOf(in Operand operand) => operand.Place switch
    {
        OperandPlace.Local when operand is { Kind: ValueKind.I32, Bits: 0 } && KindOfLocal(operand.Index) == ValueKind.I32 => operand.Index,
        OperandPlace.Stack when operand.Kind == ValueKind.I32 && operand.Bits != 0 && operand.Bits == _stores[operand.Index] + 1UL => operand.Index,
        _ => None,
    };

    // What an operand is once it is on the IL stack.
    private Operand OnStack(in Operand operand) => LocalOf(operand) is not None and var local
        ? new Operand(operand.Kind, OperandPlace.Stack, local, _stores[local] + 1UL)
        : new Operand(operand.Kind, OperandPlace.Stack);
}
