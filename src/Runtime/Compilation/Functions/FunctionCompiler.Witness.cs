using System.Diagnostics;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation.Functions;

/// <content>The check that the operands are those that validation found: nobody writes stack effects twice without being watched.</content>
internal sealed partial class FunctionCompiler
{
    private readonly FunctionValidator? _witness;

    private void CheckOperands(in Instruction instruction)
    {
        if (_witness is null)
        {
            return;
        }

        _witness.Step(instruction);
        if (!_dead && !_witness.IsFinished && !HasOperandsOf(_witness.Operands))
        {
            var found = string.Join(' ', _operands[.._height].Select(operand => operand.Kind));
            throw new UnreachableException(
                $"func[{_layout.Module.ImportedFunctionCount + _function}] +0x{instruction.Offset:x}: after {instruction.Info.Text} the operands are "
                + $"[{string.Join(' ', _witness.Operands.Types.ToArray())}] and not [{found}].");
        }
    }

    // A bottom type is what unreachable code leaves; the compiler may know it as anything.
    private bool HasOperandsOf(OperandStack witness)
    {
        var types = witness.Types;
        var same = types.Length == _height;
        for (var i = 0; same && i < types.Length; i++)
        {
            same = types[i].Kind == ValueKind.None || types[i].Kind == _operands[i].Kind;
        }

        return same;
    }
}
