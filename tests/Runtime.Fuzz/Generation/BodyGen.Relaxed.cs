namespace HostService.Runtime.Fuzz.Generation;

/// <content>Relaxed vector instructions, with operands for which every choice that an engine has gives the same.</content>
internal sealed partial class BodyGen
{
    private void Relaxed(int depth)
    {
        switch (_choices.Below(9))
        {
            case 0:
                // i8x16.relaxed_swizzle: indices below 16
                Expression(ValType.V128, depth + 1);
                Masked(0x0F0F_0F0F_0F0F_0F0F, depth);
                WriteRelaxed(0);
                break;
            case 1:
                // i32x4.relaxed_trunc_f32x4_s, _u: small numbers, not negative
                Small(32, depth);
                WriteRelaxed(1 + _choices.Below(2));
                break;
            case 2:
                Small(64, depth);
                WriteRelaxed(3 + _choices.Below(2));
                break;
            case 3:
                // relaxed_madd, relaxed_nmadd: products that need no rounding
                Small(32, depth);
                Small(32, depth);
                Small(32, depth);
                WriteRelaxed(5 + _choices.Below(2));
                break;
            case 4:
                Small(64, depth);
                Small(64, depth);
                Small(64, depth);
                WriteRelaxed(7 + _choices.Below(2));
                break;
            case 5:
                // relaxed_laneselect: lanes whose bits are all the same, as comparisons make them
                var lane = _choices.Below(4);
                Expression(ValType.V128, depth + 1);
                Expression(ValType.V128, depth + 1);
                Expression(ValType.V128, depth + 1);
                Expression(ValType.V128, depth + 1);
                _code.Byte(0xFD).U32(lane switch { 0 => 35u, 1 => 45u, 2 => 55u, _ => 214u });
                WriteRelaxed(9 + lane);
                break;
            case 6:
                // relaxed_min, relaxed_max: neither NaNs nor zeros of both signs
                var width = 32 << _choices.Below(2);
                Small(width, depth);
                Small(width, depth);
                WriteRelaxed((width == 32 ? 13 : 15) + _choices.Below(2));
                break;
            case 7:
                // i16x8.relaxed_q15mulr_s: no lane is the smallest number
                Masked(0x7FFF_7FFF_7FFF_7FFF, depth);
                Expression(ValType.V128, depth + 1);
                WriteRelaxed(17);
                break;
            default:
                // relaxed dot products: lanes of the second operand have seven bits, and the first's small enough not to overflow
                var add = _choices.Below(2);
                Masked(0x3F3F_3F3F_3F3F_3F3F, depth);
                Masked(0x7F7F_7F7F_7F7F_7F7F, depth);
                if (add == 1)
                {
                    Expression(ValType.V128, depth + 1);
                }

                WriteRelaxed(18 + add);
                break;
        }
    }

    private void WriteRelaxed(int code) => _code.Byte(0xFD).U32((uint)(0x100 + code));

    private void Masked(ulong mask, int depth)
    {
        Expression(ValType.V128, depth + 1);
        _code.Byte(0xFD).U32(12).Bits64(mask).Bits64(mask).Byte(0xFD).U32(78);
    }

    // Whole numbers from 0 to 255: f32x4.convert_i32x4_s, f64x2.convert_low_i32x4_s
    private void Small(int width, int depth)
    {
        Masked(0x0000_00FF_0000_00FF, depth);
        _code.Byte(0xFD).U32(width == 32 ? 250u : 254u);
    }
}
