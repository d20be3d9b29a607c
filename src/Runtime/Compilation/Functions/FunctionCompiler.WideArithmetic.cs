using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Wide arithmetic: instructions on 128 bits, in two i64 each, the lower half first.</content>
/// <remarks>
/// Two results at once come from no method, so the halves are made one after the other from operands that wait in temporaries. RyuJIT keeps those in registers.
/// <see href="https://github.com/WebAssembly/wide-arithmetic/blob/main/proposals/wide-arithmetic/Overview.md">Proposal: wide arithmetic</see>
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private void EmitAdd128()
    {
        var (rightHigh, rightLow, leftHigh, leftLow) = (TakeTop(), TakeTop(), TakeTop(), TakeTop());

        // low = left + right; high = left' + right' + (low < left ? 1 : 0)
        Settle(0, beforeResult: true);
        var low = TemporaryFor(ILType.Int64);
        Load(leftLow);
        Load(rightLow);
        _il.Op(ILOpCode.Add);
        _il.Stloc(low);
        _il.Ldloc(low);
        PushStack(ValueKind.I64);

        Load(leftHigh);
        Load(rightHigh);
        _il.Op(ILOpCode.Add);
        _il.Ldloc(low);
        Load(leftLow);
        _il.Op(ILOpCode.Clt_un);
        _il.Op(ILOpCode.Conv_u8);
        _il.Op(ILOpCode.Add);
        PushStack(ValueKind.I64);
        _freeTemporaries[(int)ILType.Int64].Push(low);
    }

    private void EmitSub128()
    {
        var (rightHigh, rightLow, leftHigh, leftLow) = (TakeTop(), TakeTop(), TakeTop(), TakeTop());

        // low = left - right; high = left' - right' - (left < right ? 1 : 0)
        Settle(0, beforeResult: true);
        Load(leftLow);
        Load(rightLow);
        _il.Op(ILOpCode.Sub);
        PushStack(ValueKind.I64);

        Load(leftHigh);
        Load(rightHigh);
        _il.Op(ILOpCode.Sub);
        Load(leftLow);
        Load(rightLow);
        _il.Op(ILOpCode.Clt_un);
        _il.Op(ILOpCode.Conv_u8);
        _il.Op(ILOpCode.Sub);
        PushStack(ValueKind.I64);
    }

    /// <summary>The lower half is the plain product; the intrinsic gives the upper one.</summary>
    private void EmitMulWide(Op op)
    {
        var (right, left) = (TakeTop(), TakeTop());
        Settle(0, beforeResult: true);
        Load(left);
        Load(right);
        _il.Op(ILOpCode.Mul);
        PushStack(ValueKind.I64);

        Load(left);
        Load(right);
        _il.Call(Members.Intrinsic(op));
        PushStack(ValueKind.I64);
    }
}
