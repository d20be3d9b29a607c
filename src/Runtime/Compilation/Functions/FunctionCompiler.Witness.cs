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
        if (_dead || _witness.IsFinished)
        {
            return;
        }

        var place = $"func[{_layout.Module.ImportedFunctionCount + _function}] +0x{instruction.Offset:x}: after {instruction.Info.Text}";
        if (!HasOperandsOf(_witness.Operands))
        {
            var found = string.Join(' ', _operands[.._height].Select(operand => operand.Kind));
            throw new UnreachableException($"{place} the operands are [{string.Join(' ', _witness.Operands.Types.ToArray())}] and not [{found}].");
        }

        // One that is not counted is not emitted before its local changes.
        var reads = _operands[.._height].Where(operand => operand.Place == OperandPlace.Local).CountBy(operand => operand.Index).ToList();
        if (reads.Sum(read => read.Value) != _allPendingReads || reads.Any(read => read.Value != _pendingReads[read.Key]))
        {
            throw new UnreachableException($"{place} {reads.Sum(read => read.Value)} reads of locals are pending, and {_allPendingReads} are counted.");
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
