using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Calls and tail calls.</content>
internal sealed partial class FunctionValidator
{
    private void CheckCall(int function) => ApplyCall(FunctionTypeOf(function));

    private void CheckCallRef(int typeIndex)
    {
        var type = FuncTypeAt(typeIndex);
        PopOperand(Reference(typeIndex));
        ApplyCall(type);
    }

    private void CheckCallIndirect(in Instruction instruction) => ApplyCall(PopIndirectCallee(in instruction));

    private void CheckReturnCall(int function) => ApplyReturnCall(FunctionTypeOf(function));

    private void CheckReturnCallRef(int typeIndex)
    {
        var type = FuncTypeAt(typeIndex);
        PopOperand(Reference(typeIndex));
        ApplyReturnCall(type);
    }

    private void CheckReturnCallIndirect(in Instruction instruction) => ApplyReturnCall(PopIndirectCallee(in instruction));

    private void ApplyCall(FuncType type)
    {
        NoteCall();
        PopOperands(type.Parameters.AsSpan());
        Operands.Push(type.Results.AsSpan());
    }

    private void ApplyReturnCall(FuncType type)
    {
        NoteCall();
        PopOperands(type.Parameters.AsSpan());
        var (given, wanted) = (type.Results, FunctionType.Results);
        if (!AreSubtypes(given.AsSpan(), wanted.AsSpan()))
        {
            ThrowInvalid($"type mismatch: the function returns [{Join(wanted.AsSpan())}] but the function it calls returns [{Join(given.AsSpan())}]");
        }

        SetUnreachable();
    }

    private void NoteCall()
    {
        _lastCall = _offset;
        _hasCalls |= !_isUnreachable;
    }

    private FuncType PopIndirectCallee(in Instruction instruction)
    {
        var table = TableTypeAt(instruction.Index2);
        if (!_relations.IsSubtype(table.ElementType, ValueType.FuncRef))
        {
            ThrowInvalid($"type mismatch: an indirect call requires a table of functions but table {instruction.Index2} holds {table.ElementType}");
        }

        var type = FuncTypeAt(instruction.Index);
        PopOperand(table.AddressType);
        return type;
    }

    private FuncType FunctionTypeOf(int function)
    {
        var types = _syntax.FunctionTypes;
        if ((uint)function >= (uint)types.Length)
        {
            ThrowInvalid($"unknown function {function}");
        }

        return _context.FuncTypes[types[function]]!;
    }

    private FuncType FuncTypeAt(int typeIndex)
    {
        var types = _context.FuncTypes;
        if ((uint)typeIndex >= (uint)types.Length)
        {
            ThrowInvalid($"unknown type {typeIndex}");
        }

        if (types[typeIndex] is not { } type)
        {
            ThrowInvalid($"type mismatch: type {typeIndex} is not a function type");
            return s_noEffect;
        }

        return type;
    }

    private static ValueType Reference(int typeIndex, bool nullable = true) => ValueType.Ref(new HeapType(HeapKind.Index, typeIndex), nullable);
}
