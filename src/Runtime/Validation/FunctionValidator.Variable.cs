using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Locals, globals, and the parametric instructions.</content>
internal sealed partial class FunctionValidator
{
    // The locals without default value that have been set, in order, so that the end of a block can forget those set inside it.
    private readonly List<int> _initialized = [];
    private readonly HashSet<int> _isInitialized = [];
    private int _initializedCount;

    private void ForgetInitialized(int height)
    {
        while (_initializedCount > height)
        {
            _isInitialized.Remove(_initialized[--_initializedCount]);
            _initialized.RemoveAt(_initializedCount);
        }
    }

    private void MarkInitialized(int local)
    {
        if (Locals.HasNonDefaultable && !Locals[local].IsDefaultable && _isInitialized.Add(local))
        {
            _initialized.Add(local);
            _initializedCount++;
        }
    }

    private ValueType LocalType(int local)
    {
        if ((uint)local >= (uint)Locals.Count)
        {
            ThrowInvalid($"unknown local {local}");
        }

        return Locals[local];
    }

    private void CheckLocalGet(int local)
    {
        var type = LocalType(local);
        if (Locals.HasNonDefaultable && !type.IsDefaultable && local >= FunctionType.Parameters.Length && !_isInitialized.Contains(local))
        {
            ThrowInvalid($"uninitialized local: local {local} is read before it is set");
        }

        Operands.Push(type);
    }

    private void CheckLocalSet(int local)
    {
        PopOperand(LocalType(local));
        MarkInitialized(local);
    }

    private void CheckLocalTee(int local)
    {
        var type = LocalType(local);
        PopOperand(type);
        MarkInitialized(local);
        Operands.Push(type);
    }

    private GlobalType GlobalTypeAt(int global)
    {
        if ((uint)global >= (uint)_syntax.Globals.Length)
        {
            ThrowInvalid($"unknown global {global}");
        }

        return _syntax.Globals[global].Type;
    }

    private void CheckGlobalGet(int global) => Operands.Push(GlobalTypeAt(global).Type);

    private void CheckGlobalSet(int global)
    {
        var type = GlobalTypeAt(global);
        if (!type.IsMutable)
        {
            ThrowInvalid($"immutable global {global}");
        }

        PopOperand(type.Type);
    }

    private void CheckSelect()
    {
        PopOperand(ValueType.I32);
        var second = PopAny();
        var first = PopAny();
        if (first.IsRef || second.IsRef)
        {
            ThrowInvalid($"type mismatch: select without a type requires numbers or vectors but stack has [{first} {second}]");
        }

        if (first != second && first.Kind != ValueKind.None && second.Kind != ValueKind.None)
        {
            ThrowInvalid($"type mismatch: select requires two operands of one type but stack has [{first} {second}]");
        }

        Operands.Push(first.Kind == ValueKind.None ? second : first);
    }

    private void CheckSelectTyped(in Instruction instruction)
    {
        if (instruction.ListCount != 1)
        {
            ThrowInvalid($"invalid result arity: select has {instruction.ListCount} types, not 1");
        }

        CheckType(instruction.Type);
        PopOperand(ValueType.I32);
        PopOperand(instruction.Type);
        PopOperand(instruction.Type);
        Operands.Push(instruction.Type);
    }
}
