using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Keeps RyuJIT from testing a rotation for zero by flags that a rotation does not set.</content>
/// <remarks>
/// RyuJIT takes a rotation for an instruction that sets the zero flag, which ROL and RORX don't, and omits the test of "rotated != 0" that comes right after one. It makes rotations of
/// <c>(x &lt;&lt; 5) | (x &gt;&gt; 27)</c> too, and a value may turn out to be a bare rotation only when RyuJIT has folded the constants around it, so no expression tells. In a function that
/// may rotate, every integer that may be tested is tested as <c>x &amp; x</c>, which is a TEST of its own: no instruction more for a test of zero, and none for the rotations.
/// The first rotation may come after tests that are laid out behind it, as those of a loop are; then the function is compiled once more.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private readonly Operand[] _tested = new Operand[4];
    private bool _guardsTests;
    private bool _hasTests;
    private bool _mayRotate;
    private ShiftCounts _counts32;
    private ShiftCounts _counts64;

    /// <summary>Whether tests were emitted without care before the function was found to rotate.</summary>
    private bool MustStartAgain => _mayRotate && _hasTests && !_guardsTests;

    private void ClearRotations()
    {
        (_hasTests, _mayRotate) = (false, false);
        (_counts32, _counts64) = (default, default);
    }

    private void NoteRotation()
    {
        _mayRotate = true;
        _guardsTests |= !_hasTests;
    }

    /// <summary>Notes a shift to the left or an unsigned one to the right: one of each by counts that make up the width is a rotation to RyuJIT.</summary>
    /// <param name="op">The shift.</param>
    /// <param name="count">By how much, when that is known.</param>
    private void NoteShift(Op op, int? count)
    {
        switch (op)
        {
            case Op.I32Shl: _counts32.Left(count, 32); break;
            case Op.I64Shl: _counts64.Left(count, 64); break;
            case Op.I32ShrU: _counts32.Right(count, 32); break;
            case Op.I64ShrU: _counts64.Right(count, 64); break;
            default: return;
        }

        if (_counts32.MakeRotation(32) || _counts64.MakeRotation(64))
        {
            NoteRotation();
        }
    }

    /// <summary>Puts the integers that an instruction may test on the IL stack such that each test is one of its own.</summary>
    private void GuardTests(Op op)
    {
        var count = TestedOperands(op);
        if (count == 0)
        {
            return;
        }

        _hasTests = true;
        if (!_guardsTests)
        {
            return;
        }

        for (var i = count - 1; i >= 0; i--)
        {
            _tested[i] = TakeTop();
        }

        Settle(0, beforeResult: true);
        for (var i = 0; i < count; i++)
        {
            var operand = _tested[i];
            if (operand.Place == OperandPlace.Constant || operand.Kind is not (ValueKind.I32 or ValueKind.I64))
            {
                PutBack(operand);
                continue;
            }

            Load(operand);
            Load(operand);
            _il.Op(ILOpCode.And);
            PushStack(operand.Kind);
        }
    }

    // How many operands, from the top, the code of an instruction may compare with something that is, or that RyuJIT may find to be, zero.
    private int TestedOperands(Op op) => op switch
    {
        Op.If or Op.BrIf or Op.Select or Op.SelectT => IsComparison(_recent1.Op) ? 0 : 1,
        Op.I32Eqz or Op.I64Eqz or Op.BrTable or Op.CallIndirect or Op.ReturnCallIndirect or Op.TableGet or Op.ArrayGet or Op.ArrayGetS or Op.ArrayGetU => 1,
        Op.I32Clz or Op.I32Ctz or Op.I64Clz or Op.I64Ctz or Op.RefI31 or Op.ArrayNew or Op.ArrayNewDefault or Op.MemoryGrow => 1,
        Op.I32DivS or Op.I32DivU or Op.I32RemS or Op.I32RemU or Op.I64DivS or Op.I64DivU or Op.I64RemS or Op.I64RemU or Op.ArraySet or Op.TableSet => 2,
        Op.I64Add128 or Op.I64Sub128 => 4,
        _ => IsComparison(op) ? 2 : 0,
    };

    private static bool IsComparison(Op op) => op is >= Op.I32Eqz and <= Op.I64GeU;

    /// <summary>The counts that values of one width are shifted by, as bits.</summary>
    private struct ShiftCounts
    {
        private ulong _left;
        private ulong _right;

        public void Left(int? count, int width) => _left |= Bit(count, width);

        // By the count that makes up the width, so that the two of a rotation are the same bit.
        public void Right(int? count, int width) => _right |= Bit(count is { } known ? width - known : null, width);

        // Bit 0 stands for a count that is not known and may be any: a shift by nothing is no part of a rotation.
        public readonly bool MakeRotation(int width) =>
            (_left & _right) != 0 || ((_left & 1) != 0 && _right != 0) || ((_right & 1) != 0 && _left != 0);

        private static ulong Bit(int? count, int width) => count is not { } known ? 1 : known % width == 0 ? 0 : 1UL << known;
    }
}
