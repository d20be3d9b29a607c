using System.Reflection.Metadata;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Reference and table instructions.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitRefIsNull()
    {
        Settle(1, beforeResult: true);
        _il.Op(ILOpCode.Ldnull);
        _il.Op(ILOpCode.Ceq);
        Consume(1);
        PushStack(ValueKind.I32);
    }

    private void EmitRefFunc(int function)
    {
        Settle(0, beforeResult: true);
        LoadState();
        _il.Ldc(function);
        _il.Call(Members.Intrinsic(Op.RefFunc));
        PushStack(ValueKind.Ref);
    }

    private void EmitRefAsNonNull()
    {
        var reference = TakeNonNull(TrapCode.NullReference);
        Settle(0, beforeResult: true);
        Load(reference);
        PushStack(ValueKind.Ref);
    }

    private void LoadTable(int table)
    {
        LoadState();
        if (table == 0)
        {
            _il.Ldfld(Members.StateTable0);
            return;
        }

        _il.Ldfld(Members.StateTables);
        LoadElementAddress(table, nint.Size);
        _il.Op(ILOpCode.Ldind_ref);
    }

    private bool HasIndex64(int table) => _layout.Module.Tables[table].Type.Is64;

    // Intrinsics take every index and count as 64 bits.
    private void LoadWide(in Operand operand)
    {
        Load(operand);
        WidenTop(operand.Kind);
    }

    private void WidenTop(ValueKind kind)
    {
        if (kind == ValueKind.I32)
        {
            _il.Op(ILOpCode.Conv_u8);
        }
    }

    /// <summary>Puts the top operand on the IL stack as 64 bits, and takes it from ours.</summary>
    private void SettleWide(bool beforeResult = false)
    {
        Settle(1, beforeResult);
        WidenTop(_operands[_height - 1].Kind);
        Consume(1);
    }

    // An intrinsic's result of 64 bits is a count or −1; the instruction's has the width of the address type.
    private void PushAddress(bool is64)
    {
        if (!is64)
        {
            _il.Op(ILOpCode.Conv_i4);
        }

        PushStack(is64 ? ValueKind.I64 : ValueKind.I32);
    }

    private void EmitTableGet(int table)
    {
        SettleWide(beforeResult: true);
        LoadTable(table);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.TableGet));
        PushStack(ValueKind.Ref);
    }

    private void EmitTableSet(int table)
    {
        var value = TakeTop();
        SettleWide();
        Load(value);
        LoadTable(table);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.TableSet));
    }

    private void EmitTableSize(int table)
    {
        Settle(0, beforeResult: true);
        LoadTable(table);
        _il.Call(Members.Intrinsic(Op.TableSize));
        PushAddress(HasIndex64(table));
    }

    private void EmitTableGrow(int table)
    {
        var delta = TakeTop();
        Settle(1, beforeResult: true);
        Consume(1);
        LoadWide(delta);
        LoadTable(table);
        _il.Call(Members.Intrinsic(Op.TableGrow));
        PushAddress(HasIndex64(table));
    }

    private void EmitTableFill(int table)
    {
        var count = TakeTop();
        var value = TakeTop();
        SettleWide();
        Load(value);
        LoadWide(count);
        LoadTable(table);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.TableFill));
    }

    private void EmitTableCopy(int destination, int source)
    {
        LoadRange();
        LoadTable(destination);
        LoadTable(source);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.TableCopy));
    }

    private void EmitTableInit(int segment, int table)
    {
        LoadRange();
        LoadTable(table);
        LoadState();
        _il.Ldc(segment);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(Op.TableInit));
    }

    private void EmitDropSegment(IL.Member intrinsic, int segment)
    {
        LoadState();
        _il.Ldc(segment);
        _il.Call(intrinsic);
    }

    /// <summary>Takes the three operands of a copy — to, from, count — to the IL stack as 64 bits each.</summary>
    private void LoadRange()
    {
        var count = TakeTop();
        var from = TakeTop();
        SettleWide();
        LoadWide(from);
        LoadWide(count);
    }
}
