namespace HostService.Runtime.Fuzz.Generation;

/// <content>Shapes that compilers treat in their own way, and that instructions drawn one by one seldom come to.</content>
internal sealed partial class BodyGen
{
    private const int MaxTurns = 6;

    // A loop in a loop in a loop: more only takes longer.
    private const int MaxCounters = 3;

    /// <summary>An i32 that is tested at once.</summary>
    private void Condition(int depth)
    {
        _budget--;
        if (depth >= MaxDepth || _budget <= 0)
        {
            Leaf(ValType.I32);
            return;
        }

        switch (_choices.Below(8))
        {
            case 0:
                // A rotation, of which machines set flags: as it is, or compared with zero.
                var rotated = Integer();
                Rotation(rotated, depth + 1);
                if (rotated == ValType.I64 || _choices.Chance(50))
                {
                    CompareWithZero(rotated);
                }

                break;
            case 1:
                var compared = Integer();
                Expression(compared, depth + 1);
                CompareWithZero(compared);
                break;
            case 2:
                // a & constant, a & (1 << b)
                var masked = Integer();
                Expression(masked, depth + 1);
                if (_choices.Chance(50))
                {
                    Number(masked, 1L << _choices.Below(masked == ValType.I32 ? 31 : 63));
                }
                else
                {
                    Number(masked, 1);
                    Leaf(masked);
                    _code.Byte(Of(masked, 0x74, 0x86));
                }

                _code.Byte(Of(masked, 0x71, 0x83));
                CompareWithZero(masked);
                break;
            case 3:
                var type = _choices.Number();
                Compare(type, () => Expression(type, depth + 1), () => Leaf(type));
                break;
            case 4:
                Condition(depth + 1);
                Condition(depth + 1);
                _code.Byte((byte)(0x71 + _choices.Below(3))); // and, or, xor
                break;
            case 5:
                Condition(depth + 1);
                _code.Byte(0x45);
                break;
            default:
                Expression(ValType.I32, depth + 1);
                break;
        }
    }

    /// <summary>The smaller or larger of two, one within limits, or one of two constants; several times over.</summary>
    private void SelectChain(ValType type, int depth)
    {
        if (type == ValType.V128 || LocalOf(type) is not { } first)
        {
            Select(type, depth);
            return;
        }

        var links = 1 + _choices.Below(3);
        Get(first);
        for (; links > 0; links--)
        {
            // It is in the way of nothing: a later link compares what an earlier one gave.
            var value = LocalOf(type, toSet: true);
            if (value is { } kept)
            {
                _code.Byte(0x22).U32((uint)kept);
            }

            switch (_choices.Below(3))
            {
                case 0 when value is { } minimum && LocalOf(type) is { } other:
                    Get(other);
                    Compare(type, () => Get(_choices.Chance(50) ? minimum : other), () => Get(_choices.Chance(50) ? minimum : other));
                    break;
                case 1 when value is { } clamped:
                    ModuleGen.WriteConstant(_code, type, _choices);
                    Compare(type, () => Get(clamped), () => ModuleGen.WriteConstant(_code, type, _choices));
                    break;
                default:
                    Leaf(type);
                    Condition(depth + 1);
                    break;
            }

            _code.Byte(0x1B);
        }
    }

    /// <summary>Rotations, shifts and logic as hash functions have them.</summary>
    private void Mix(ValType type, int depth)
    {
        Expression(type, depth + 1);
        for (var terms = 1 + _choices.Below(4); terms > 0; terms--)
        {
            Rotation(type, depth + 1);
            _code.Byte(_choices.Below(5) switch
            {
                0 => Of(type, 0x6A, 0x7C), // add
                1 => Of(type, 0x71, 0x83), // and
                2 => Of(type, 0x72, 0x84), // or
                _ => Of(type, 0x73, 0x85), // xor
            });
        }
    }

    /// <summary>Mostly by a constant: rotl, rotr, or a shift.</summary>
    private void Rotation(ValType type, int depth)
    {
        if (_choices.Chance(60))
        {
            Leaf(type);
        }
        else
        {
            Expression(type, depth + 1);
        }

        if (_choices.Chance(80))
        {
            Number(type, _choices.Below(70));
        }
        else
        {
            Expression(type, depth + 1);
        }

        _code.Byte((byte)(Of(type, 0x74, 0x86) + (_choices.Chance(75) ? 3 + _choices.Below(2) : _choices.Below(3))));
    }

    /// <summary>A local that is set on one way of an if, or differently on each.</summary>
    private void ConditionalSet(int depth)
    {
        var type = _choices.Number();
        if (LocalOf(type, toSet: true) is not { } local)
        {
            SetVariable(depth);
            return;
        }

        Condition(depth);
        _code.Byte(0x04).Byte(Empty);
        _labels.Add(new Label([], IsLoop: false));
        Value();
        if (_choices.Chance(50))
        {
            _code.Byte(0x05);
            Value();
        }

        End();

        void Value()
        {
            if (_choices.Chance(60))
            {
                Leaf(type);
            }
            else
            {
                Expression(type, depth + 1);
            }

            _code.Byte(0x21).U32((uint)local);
        }
    }

    /// <summary>A loop that ends by counting: down to zero, up to a limit, or by leaving at the start; with calls, and accesses by the counter.</summary>
    private void CountedLoop(int depth)
    {
        if (_counters.Count >= (_isLeaf ? 1 : MaxCounters))
        {
            SetVariable(depth);
            return;
        }

        var type = Integer();
        var counter = AddLocal(type);
        var (turns, down, step) = (1 + _choices.Below(MaxTurns), _choices.Chance(40), 1 << _choices.Below(5));
        Number(type, down ? turns * step : 0);
        _code.Byte(0x21).U32((uint)counter);

        // Sometimes with a block around it that is left from its start, the form of `while`; sometimes with a sum that each turn hands to the next.
        var (leavesAtStart, carries) = (_choices.Chance(35), _choices.Chance(35));
        var sum = _choices.Number();
        carries &= !leavesAtStart && LoopType(sum) is not null;
        if (leavesAtStart)
        {
            _code.Byte(0x02).Byte(Empty);
            _labels.Add(new Label([], IsLoop: false));
        }

        if (carries)
        {
            Leaf(sum);
            _code.Byte(0x03).Signed(LoopType(sum)!.Value);
        }
        else
        {
            _code.Byte(0x03).Byte(Empty);
        }

        _labels.Add(new Label(carries ? [sum] : [], IsLoop: true) { IsCounted = true });
        _counters.Add(counter);
        if (leavesAtStart)
        {
            HasTurnsLeft();
            _code.Byte(0x45).Byte(0x0D).U32(1); // i32.eqz, br_if out of the loop
        }

        if (carries)
        {
            CountedCall(sum, counter, depth);
            Add(sum);
        }

        CountedAccess(type, counter);
        if (_choices.Chance(70))
        {
            Statements(depth + 1);
        }

        Get(counter);
        Number(type, step);
        _code.Byte((byte)(Of(type, 0x6A, 0x7C) + (down ? 1 : 0))).Byte(0x21).U32((uint)counter);
        if (leavesAtStart)
        {
            _code.Byte(0x0C).U32(0);
        }
        else
        {
            HasTurnsLeft();
            _code.Byte(0x0D).U32(0);
        }

        _counters.Remove(counter);
        End();
        if (carries)
        {
            Consume(sum);
        }

        if (leavesAtStart)
        {
            End();
        }

        void HasTurnsLeft()
        {
            Get(counter);
            if (down)
            {
                // counter, counter != 0, counter > 0
                switch (_choices.Below(type == ValType.I32 ? 3 : 2))
                {
                    case 0: Number(type, 0); _code.Byte(Of(type, 0x47, 0x52)); break;
                    case 1: Number(type, 0); _code.Byte(Of(type, 0x4A, 0x55)); break;
                    default: break;
                }
            }
            else
            {
                // counter <, <u, != limit
                Number(type, turns * step);
                _code.Byte((byte)(Of(type, 0x48, 0x53) + (_choices.Below(3) switch { 0 => 0, 1 => 1, _ => -1 })));
            }
        }
    }

    // A type of blocks with one parameter and one result, both the same.
    private int? LoopType(ValType type)
    {
        var found = Enumerable.Range(0, _shape.Types.Length)
            .Where(i => _shape.Types[i] is { Parameters: [var parameter], Results: [var result] } && parameter == type && result == type).ToList();
        return found.Count == 0 ? null : found[0];
    }

    // A leaf's result, preferably, from the counter and what else there is.
    private void CountedCall(ValType type, int counter, int depth)
    {
        var fitting = Callees().Where(function => _shape.IsLeaf(function) && _shape.TypeOf(function).Results is [var only] && only == type).ToList();
        if (fitting.Count == 0)
        {
            Expression(type, depth + 1);
            return;
        }

        var leaf = _choices.Of(fitting);
        foreach (var parameter in _shape.TypeOf(leaf).Parameters)
        {
            if (parameter == _locals[counter] && _choices.Chance(60))
            {
                Get(counter);
            }
            else
            {
                Leaf(parameter);
            }
        }

        _code.Byte(0x10).U32((uint)leaf);
    }

    // memory[constant + counter * scale] += counter: now and then right at the end of the memory.
    private void CountedAccess(ValType type, int counter)
    {
        if (_choices.Chance(40) || _shape.Memories[0].Is64)
        {
            return;
        }

        var (start, shift) = (_choices.Chance(70) ? _choices.Below(4096) : 65536 - _choices.Below(160), _choices.Below(4));
        var offset = _choices.Chance(70) ? _choices.Below(64) : 0;
        Address();
        Address();
        _code.Byte(Of(type, 0x28, 0x29)).U32(0).U32((uint)offset);
        Get(counter);
        _code.Byte(Of(type, 0x6A, 0x7C)).Byte(Of(type, 0x36, 0x37)).U32(0).U32((uint)offset);

        void Address()
        {
            Get(counter);
            if (type == ValType.I64)
            {
                _code.Byte(0xA7);
            }

            if (shift > 0)
            {
                Number(ValType.I32, shift);
                _code.Byte(0x74);
            }

            Number(ValType.I32, start);
            _code.Byte(0x6A);
        }
    }

    private void Add(ValType type)
    {
        _code.Byte(type switch { ValType.I32 => (byte)0x6A, ValType.I64 => 0x7C, ValType.F32 => 0x92, _ => 0xA0 });
        if (type is ValType.F32 or ValType.F64)
        {
            MakeNanCanonical(type);
        }
    }

    private void Compare(ValType type, Action left, Action right)
    {
        left();
        right();
        var (first, count) = type switch { ValType.I32 => (0x46, 10), ValType.I64 => (0x51, 10), ValType.F32 => (0x5B, 6), _ => (0x61, 6) };
        _code.Byte((byte)(first + _choices.Below(count)));
    }

    // eqz, or one of the ways of comparing with a constant zero.
    private void CompareWithZero(ValType type)
    {
        if (_choices.Chance(50))
        {
            _code.Byte(Of(type, 0x45, 0x50));
        }
        else
        {
            Compare(type, () => { }, () => Number(type, 0));
        }
    }

    private ValType Integer() => _choices.Chance(50) ? ValType.I32 : ValType.I64;

    private void Get(int local) => _code.Byte(0x20).U32((uint)local);

    private void Number(ValType type, long value) => _code.Byte(Of(type, 0x41, 0x42)).Signed(type == ValType.I32 ? (int)value : value);

    private static byte Of(ValType type, byte i32, byte i64) => type == ValType.I32 ? i32 : i64;

    private void Zero(ValType type)
    {
        switch (type)
        {
            case ValType.I32 or ValType.I64: Number(type, 0); break;
            case ValType.F32: _code.Byte(0x43).Bits32(0); break;
            case ValType.F64: _code.Byte(0x44).Bits64(0); break;
            case ValType.V128: _code.Byte(0xFD).U32(12).Bits64(0).Bits64(0); break;
            default: _code.Byte(0xD0).Heap(type); break;
        }
    }
}
