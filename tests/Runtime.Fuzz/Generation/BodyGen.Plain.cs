namespace HostService.Runtime.Fuzz.Generation;

/// <content>Functions of numbers alone: what an interpreter has, and hands over to compiled code between two calls or two turns of a loop.</content>
internal sealed partial class BodyGen
{
    private void PlainStatement(int depth)
    {
        switch (_choices.Below(26))
        {
            case < 5: SetVariable(depth); break;
            case < 7: Store(depth); break;
            case < 8: AccessesFromOneBase(depth); break;
            case < 12: Structured(depth); break;
            case < 14: LoopNest(depth); break;
            case < 17: CountedLoop(depth); break;
            case < 18: ConditionalSet(depth); break;
            case < 20: CallStatement(depth); break;
            case < 22: BranchIf(depth); break;
            case < 23: BulkMemory(depth); break;
            case < 24: TableStatement(depth); break;
            case < 25: Expression(_choices.Number(), depth + 1); _code.Byte(0x1A); break; // drop
            default: Leave(depth); break;
        }
    }

    private void PlainExpression(ValType type, int depth)
    {
        var isInteger = type is ValType.I32 or ValType.I64;
        switch (_choices.Below(28))
        {
            case < 4: Leaf(type); break;
            case < 11: Numeric(type, depth); break;
            case < 14: Load(type, depth); break;
            case < 15: Select(type, depth); break;
            case < 16: Tee(type, depth); break;
            case < 18: BlockExpression(type, depth); break;
            case < 20: IfExpression(type, depth); break;
            case < 22: CallExpression(type, depth); break;
            case < 23: BranchIfWithValue(type, depth); break;
            case < 24 when isInteger: Size(type, depth); break;
            case < 26 when isInteger: Mix(type, depth); break;
            case < 27: SelectChain(type, depth); break;
            case < 28 when _choices.Chance(10): LeaveForever(type, depth); break;
            default: Leaf(type); break;
        }
    }

    /// <summary>Loops within each other whose innermost goes on in any of them, or leaves, by a table; over operands that wait until they end.</summary>
    private void LoopNest(int depth)
    {
        var waiting = Enumerable.Range(0, _choices.Below(4)).Select(_ => _choices.Number()).ToList();
        waiting.ForEach(type => Expression(type, depth + 1));
        var levels = 2 + _choices.Below(2);
        for (var level = 0; level < levels; level++)
        {
            _code.Byte(0x03).Byte(Empty);
            _labels.Add(new Label([], IsLoop: true));
            TakeFuel();
            if (_choices.Chance(50))
            {
                Statement(depth + 1);
            }
        }

        // if (fuel > 0) br_table
        _code.Byte(0x23).U32(ModuleShape.FuelGlobal).Byte(0x41).Signed(0).Byte(0x4A).Byte(0x04).Byte(Empty);
        _labels.Add(new Label([], IsLoop: false));
        var targets = Enumerable.Range(0, _labels.Count).Where(i => _labels[^(i + 1)] is { IsCounted: false, Types.IsEmpty: true }).Take(levels + 3).ToList();
        Expression(ValType.I32, depth + 1);
        _code.Byte(0x41).Signed(7).Byte(0x71).Byte(0x0E).U32(5);
        for (var i = 0; i < 6; i++)
        {
            _code.U32((uint)_choices.Of(targets));
        }

        End();
        for (var level = 0; level < levels; level++)
        {
            if (_choices.Chance(40))
            {
                Statement(depth + 1);
            }

            End();
        }

        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            Consume(waiting[i]);
        }
    }
}
