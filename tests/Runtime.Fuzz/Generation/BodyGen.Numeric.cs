using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    private static readonly ImmutableDictionary<ValType, ImmutableArray<NumericOp>> s_operations = new[] { ValType.I32, ValType.I64, ValType.F32, ValType.F64 }
        .ToImmutableDictionary(type => type, NumericOps.Giving);

    private void Numeric(ValType type, int depth)
    {
        var operation = _choices.Of(s_operations[type]);
        if (operation.Mode == NumericMode.TrappingTruncation && _choices.Chance(93))
        {
            // The same operand without the trap.
            operation = _choices.Of(s_operations[type].Where(other => other.Code >= 0xFC00).ToList());
        }

        switch (operation.Mode)
        {
            case NumericMode.SameForAllNans or NumericMode.TrappingTruncation:
                foreach (var parameter in operation.Parameters)
                {
                    AnyNan(parameter, depth + 1);
                }

                Write(operation);
                break;
            case NumericMode.ChoosesNan:
                Expressions(operation.Parameters, depth);
                Write(operation);
                MakeNanCanonical(type);
                break;
            case NumericMode.Division when _choices.Chance(95):
                Expressions(operation.Parameters, depth);
                WriteOdd(type);
                Write(operation);
                break;
            default:
                Expressions(operation.Parameters, depth);
                Write(operation);
                break;
        }
    }

    /// <summary>A float for an instruction that doesn't tell NaNs apart: arithmetic without making NaNs canonical, so that it stays one expression.</summary>
    private void AnyNan(ValType type, int depth)
    {
        if (depth >= MaxDepth || _budget <= 0 || _choices.Chance(40))
        {
            Expression(type, depth);
            return;
        }

        _budget--;
        var operation = _choices.Of(s_operations[type].Where(operation => operation.Mode == NumericMode.ChoosesNan).ToList());
        foreach (var parameter in operation.Parameters)
        {
            AnyNan(parameter, depth + 1);
        }

        Write(operation);
    }

    // value == value ? value : canonical NaN
    private void MakeNanCanonical(ValType type)
    {
        var scratch = (uint)(type == ValType.F32 ? _scratch32 : _scratch64);
        _code.Byte(0x22).U32(scratch);
        if (type == ValType.F32)
        {
            _code.Byte(0x43).Bits32(0x7FC0_0000);
        }
        else
        {
            _code.Byte(0x44).Bits64(0x7FF8_0000_0000_0000);
        }

        _code.Byte(0x20).U32(scratch).Byte(0x20).U32(scratch).Byte((byte)(type == ValType.F32 ? 0x5B : 0x61)).Byte(0x1B);
    }

    private void WriteOdd(ValType type)
    {
        if (type == ValType.I32)
        {
            _code.Byte(0x41).Signed(1).Byte(0x72);
        }
        else
        {
            _code.Byte(0x42).Signed(1).Byte(0x84);
        }
    }

    private void Write(NumericOp operation)
    {
        if (operation.Code >= 0xFC00)
        {
            _code.Byte(0xFC).U32((uint)(operation.Code & 0xFF));
        }
        else
        {
            _code.Byte((byte)operation.Code);
        }
    }
}
