using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Returns and tail calls out of protected regions, which IL allows only after the region is left.</content>
internal sealed partial class FunctionCompiler
{
    private readonly List<TailStub> _tailStubs = [];
    private int _returnLocal = -1;
    private ILLabel _returnLabel = ILLabel.None;

    // returnLocal = result; leave returnLabel;
    private void LeaveWithResult()
    {
        if (!_returnLabel.Exists)
        {
            _returnLabel = _il.DefineLabel();
        }

        if (_signature.ReturnType != ILType.Void)
        {
            if (_returnLocal < 0)
            {
                _returnLocal = NewLocal(_signature.ReturnType);
            }

            _il.Stloc(_returnLocal);
        }

        _il.Branch(ILOpCode.Leave, _returnLabel);
    }

    private void EmitReturnStub()
    {
        if (!_returnLabel.Exists)
        {
            return;
        }

        _il.Mark(_returnLabel);
        if (_signature.ReturnType != ILType.Void)
        {
            _il.Ldloc(_returnLocal);
        }

        _il.Ret(_signature.ReturnType);
    }

    /// <summary>Inside a protected region, puts the operands of a tail call aside, leaves, and makes the call at the end of the method.</summary>
    /// <returns>False outside protected regions: nothing was done.</returns>
    private bool DeferTailCall(Op op, int index, int index2, int operands)
    {
        if (_regionCount == 0)
        {
            return false;
        }

        var locals = new Operand[operands];
        for (var i = operands - 1; i >= 0; i--)
        {
            var operand = TakeTop();
            var local = NewLocal((ILType)operand.Kind);
            Load(operand);
            _il.Stloc(local);
            locals[i] = new Operand(operand.Kind, OperandPlace.Slot, local);
        }

        var start = _il.DefineLabel();
        _tailStubs.Add(new TailStub(start, op, index, index2, _offset, locals));
        _il.Branch(ILOpCode.Leave, start);
        BecomeDead();
        return true;
    }

    private void EmitTailStubs()
    {
        foreach (var stub in _tailStubs)
        {
            _il.Mark(stub.Start);
            _offset = stub.Offset;
            OpenFrame(new ControlFrame { Op = Op.Block, Signature = new Signature([], _signature.Results), Target = _il.DefineLabel(), Else = ILLabel.None });
            foreach (var operand in stub.Operands)
            {
                Push(operand);
            }

            switch (stub.Op)
            {
                case Op.ReturnCall: EmitReturnCall(stub.Index); break;
                case Op.ReturnCallIndirect: EmitReturnCallIndirect(stub.Index, stub.Index2); break;
                default: EmitReturnCallRef(stub.Index); break;
            }

            ReleaseTemporaries();
            _frameCount--;
        }
    }

    private readonly record struct TailStub(ILLabel Start, Op Op, int Index, int Index2, int Offset, Operand[] Operands);
}
