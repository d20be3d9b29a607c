using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    private const byte Empty = 0x40;

    /// <summary>A block, loop or if, with whatever parameters and results one of the module's types has.</summary>
    private void Structured(int depth)
    {
        var type = _choices.Chance(50) ? -1 : TypeOfBlock();
        var shape = type < 0 ? new FuncShape([], []) : _shape.Types[type];
        Expressions(shape.Parameters, depth);
        var kind = _choices.Below(3);
        if (kind == 2)
        {
            Condition(depth);
        }

        _code.Byte((byte)(0x02 + kind));
        if (type < 0)
        {
            _code.Byte(Empty);
        }
        else
        {
            _code.Signed(type);
        }

        _labels.Add(new Label(kind == 1 ? shape.Parameters : shape.Results, IsLoop: kind == 1));
        Body(shape, kind == 1, depth);
        if (kind == 2 && (type >= 0 || _choices.Chance(50)))
        {
            _code.Byte(0x05);
            Body(shape, isLoop: false, depth);
        }

        End();
        ConsumeAll(shape.Results);
    }

    private int TypeOfBlock()
    {
        var type = _choices.Below(_shape.Types.Length);
        return !_isPlain || _shape.Types[type].HasNumbersOnly ? type : -1;
    }

    private void Body(FuncShape shape, bool isLoop, int depth)
    {
        if (isLoop)
        {
            TakeFuel();
        }

        // The parameters are used up now, or lie under what the body does until its end.
        var early = _choices.Chance(50);
        if (early)
        {
            ConsumeAll(shape.Parameters);
        }

        Statements(depth + 1);
        if (isLoop && _choices.Chance(60))
        {
            ContinueWhileFuel(0, shape.Parameters, depth);
        }

        if (!early)
        {
            ConsumeAll(shape.Parameters);
        }

        Expressions(shape.Results, depth);
    }

    private void BlockExpression(ValType type, int depth)
    {
        var isLoop = _choices.Chance(30);
        _code.Byte((byte)(isLoop ? 0x03 : 0x02)).Type(type);
        _labels.Add(new Label(isLoop ? [] : [type], isLoop));
        Body(new FuncShape([], [type]), isLoop, depth);
        End();
    }

    private void IfExpression(ValType type, int depth)
    {
        Condition(depth);
        _code.Byte(0x04).Type(type);
        _labels.Add(new Label([type], IsLoop: false));
        Body(new FuncShape([], [type]), isLoop: false, depth);
        _code.Byte(0x05);
        Body(new FuncShape([], [type]), isLoop: false, depth);
        End();
    }

    private void End()
    {
        _labels.RemoveAt(_labels.Count - 1);
        _code.Byte(0x0B);
    }

    private void BranchIf(int depth)
    {
        var target = _choices.Below(_labels.Count);
        var label = _labels[^(target + 1)];
        if (label.IsCounted || label.Types.Contains(ValType.ExnRef))
        {
            return;
        }

        if (label.IsLoop)
        {
            ContinueWhileFuel(target, label.Types, depth);
            return;
        }

        Expressions(label.Types, depth);
        Condition(depth);
        _code.Byte(0x0D).U32((uint)target);
        ConsumeAll(label.Types);
    }

    private void BranchIfWithValue(ValType type, int depth)
    {
        Expression(type, depth + 1);
        var targets = Enumerable.Range(0, _labels.Count).Where(i => _labels[^(i + 1)] is { IsLoop: false, Types: [var only] } && only == type).ToList();
        if (targets.Count > 0)
        {
            Condition(depth);
            _code.Byte(0x0D).U32((uint)_choices.Of(targets));
        }
    }

    /// <summary>Goes back to a loop's start on a condition, as long as there is fuel.</summary>
    private void ContinueWhileFuel(int target, ImmutableArray<ValType> parameters, int depth)
    {
        Expressions(parameters, depth);

        // condition ? fuel > 0 : 0
        _code.Byte(0x23).U32(ModuleShape.FuelGlobal).Byte(0x41).Signed(0).Byte(0x4A);
        _code.Byte(0x41).Signed(0);
        Expression(ValType.I32, depth + 1);
        _code.Byte(0x1B);
        _code.Byte(0x0D).U32((uint)target);
        ConsumeAll(parameters);
    }

    /// <summary>Leaves by a branch, a return, a tail call or a trap within an if, so that what follows is still reached.</summary>
    private void Leave(int depth)
    {
        Condition(depth);
        _code.Byte(0x04).Byte(Empty);
        _labels.Add(new Label([], IsLoop: false));
        Jump(depth);
        if (_choices.Chance(40))
        {
            // Code that is never reached is validated and compiled all the same.
            Statement(depth + 1);
        }

        End();
    }

    /// <summary>Leaves for good: the value that is asked for comes from the polymorphic stack, or from code that is never reached.</summary>
    private void LeaveForever(ValType type, int depth)
    {
        Jump(depth);
        if (_choices.Chance(50))
        {
            Expression(type, depth + 1);
        }
    }

    private void Jump(int depth)
    {
        switch (_choices.Below(10))
        {
            case < 3 when Forward() is { } target:
                Expressions(_labels[^(target + 1)].Types, depth);
                _code.Byte(0x0C).U32((uint)target);
                break;
            case < 5:
                Expressions(_self.Results, depth);
                _code.Byte(0x0F);
                break;
            case < 7:
                BranchTable(depth);
                break;
            case < 9 when _isPlain:
                _code.Byte(0x00);
                break;
            case < 8:
                TailCall(depth);
                break;
            case < 9 when _shape.IsLegacy && _choices.Chance(40):
                Rethrow(depth);
                break;
            case < 9:
                Throw(depth);
                break;
            default:
                _code.Byte(0x00);
                break;
        }
    }

    // Nothing but a catch clause gives an exnref.
    private static bool CanBranchTo(Label label) => !label.IsLoop && !label.Types.Contains(ValType.ExnRef);

    private int? Forward()
    {
        var targets = Enumerable.Range(0, _labels.Count).Where(i => CanBranchTo(_labels[^(i + 1)])).ToList();
        return targets.Count == 0 ? null : _choices.Of(targets);
    }

    private void BranchTable(int depth)
    {
        var first = Forward() ?? _labels.Count - 1;
        var types = _labels[^(first + 1)].Types;
        var targets = Enumerable.Range(0, _labels.Count).Where(i => !_labels[^(i + 1)].IsLoop && _labels[^(i + 1)].Types.SequenceEqual(types)).ToList();
        Expressions(types, depth);
        Expression(ValType.I32, depth + 1);
        if (_choices.Chance(70))
        {
            _code.Byte(0x41).Signed(7).Byte(0x71); // small, so that each target has its turn
        }

        var count = _choices.Below(6);
        _code.Byte(0x0E).U32((uint)count);
        for (var i = 0; i <= count; i++)
        {
            _code.U32((uint)_choices.Of(targets));
        }
    }

    private void TakeFuel()
    {
        _code.Byte(0x23).U32(ModuleShape.FuelGlobal).Byte(0x41).Signed(1).Byte(0x6B).Byte(0x24).U32(ModuleShape.FuelGlobal);
    }

    // if (fuel <= 0) return zeros; fuel--;
    private void ReturnWithoutFuel()
    {
        _code.Byte(0x23).U32(ModuleShape.FuelGlobal).Byte(0x41).Signed(0).Byte(0x4C).Byte(0x04).Byte(Empty);
        foreach (var type in _self.Results)
        {
            Zero(type);
        }

        _code.Byte(0x0F).Byte(0x0B);
        TakeFuel();
    }
}
