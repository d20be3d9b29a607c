using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Generates the body of a function: typed expressions within typed statements, so that every body is valid.</summary>
/// <remarks>One file for each kind of instruction. An expression leaves one value; a statement leaves the stack as it was.</remarks>
internal sealed partial class BodyGen
{
    // Deeper nesting only makes the same things again.
    private const int MaxDepth = 7;

    private readonly Choices _choices;
    private readonly ModuleShape _shape;
    private readonly FuncShape _self;
    private readonly WasmWriter _code = new();
    private readonly List<ValType> _locals;
    private readonly List<Label> _labels = [];
    private readonly int _scratch32;
    private readonly int _scratch64;
    private readonly int _scratch128;
    private readonly int _exception;
    private readonly int _function;
    private readonly bool _isLeaf;
    private readonly bool _isPlain;

    // Counters of loops around the place: whoever set one might make its loop endless.
    private readonly HashSet<int> _counters = [];
    private int _budget;

    /// <summary>A generator of one body.</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="shape">The module.</param>
    /// <param name="function">Which function it is.</param>
    /// <param name="budget">About how many instructions it gets.</param>
    public BodyGen(Choices choices, ModuleShape shape, int function, int budget)
    {
        (_choices, _shape, _function, _self) = (choices, shape, function, shape.TypeOf(function));
        (_isLeaf, _isPlain) = (shape.IsLeaf(function), shape.Plain.Contains(function));
        _budget = _isLeaf ? 1 + choices.Below(10) : budget;
        _locals = [.. _self.Parameters];
        _scratch32 = AddLocal(ValType.F32);
        _scratch64 = AddLocal(ValType.F64);
        _scratch128 = _isPlain ? -1 : AddLocal(ValType.V128);
        _exception = shape.IsLegacy || _isPlain ? -1 : AddLocal(ValType.ExnRef);
        for (var i = choices.Below(6); i > 0; i--)
        {
            AddLocal(_isPlain ? choices.Number() : choices.Chance(12) ? ValType.FuncRef : choices.Chance(20) ? ValType.V128 : choices.Number());
        }

        for (var i = shape.IsLegacy || _isPlain ? 0 : choices.Below(4); i > 0; i--)
        {
            AddLocal(HeapType());
        }
    }

    /// <summary>A branch target: what a branch to it carries.</summary>
    private readonly record struct Label(ImmutableArray<ValType> Types, bool IsLoop)
    {
        /// <summary>Whether it is a loop that takes no fuel: only its own end may go back to its start.</summary>
        public bool IsCounted { get; init; }

        /// <summary>Whether it is a legacy try in one of whose handlers the place is, so that what was caught can be thrown again.</summary>
        public bool IsHandler { get; init; }
    }

    public WasmWriter Write()
    {
        _labels.Add(new Label(_self.Results, IsLoop: false));
        if (!_isLeaf)
        {
            ReturnWithoutFuel();
        }

        if (!_isLeaf || _choices.Chance(40))
        {
            Statements(0);
        }

        foreach (var type in _self.Results)
        {
            Expression(type, 0);
        }

        var declared = _locals.Skip(_self.Parameters.Length).ToList();
        var body = new WasmWriter().U32((uint)declared.Count);
        declared.ForEach(type => body.U32(1).Type(type));
        return body.Bytes(_code.ToArray()).Byte(0x0B);
    }

    private int AddLocal(ValType type)
    {
        _locals.Add(type);
        return _locals.Count - 1;
    }

    private void Statements(int depth)
    {
        for (var count = 1 + _choices.Below(4); count > 0 && _budget > 0; count--)
        {
            Statement(depth);
        }
    }

    private void Statement(int depth)
    {
        _budget--;
        if (depth >= MaxDepth || _budget <= 0)
        {
            SetVariable(depth);
            return;
        }

        if (_isPlain)
        {
            PlainStatement(depth);
            return;
        }

        switch (_choices.Below(30))
        {
            case >= 28: LoopNest(depth); break;
            case >= 26: CountedLoop(depth); break;
            case >= 24: ConditionalSet(depth); break;
            case >= 20 and < 24 when _shape.IsLegacy: LegacyTry(depth); break;
            case >= 22: HeapStatement(depth); break;
            case 21: AtomicStatement(depth); break;
            case 20: WideArithmetic(depth); break;
            case < 5: SetVariable(depth); break;
            case < 7: Store(depth); break;
            case < 8: AccessesFromOneBase(depth); break;
            case < 9: VectorStore(depth); break;
            case < 11: Structured(depth); break;
            case < 12 when _shape.IsLegacy: LegacyTry(depth); break;
            case < 12: Try(depth); break;
            case < 14: CallStatement(depth); break;
            case < 15: BranchIf(depth); break;
            case < 16: BulkMemory(depth); break;
            case < 17: TableStatement(depth); break;
            case < 18: Expression(_choices.Number(), depth + 1); _code.Byte(0x1A); break; // drop
            case < 19: _code.Byte(0x01); break; // nop
            default: Leave(depth); break;
        }
    }

    private void Expression(ValType type, int depth)
    {
        _budget--;
        if (depth >= MaxDepth || _budget <= 0)
        {
            Leaf(type);
            return;
        }

        if (_isPlain)
        {
            PlainExpression(type, depth);
            return;
        }

        if (type == ValType.FuncRef)
        {
            Function(depth);
            return;
        }

        if (type.IsHeap())
        {
            HeapExpression(type, depth);
            return;
        }

        if (type == ValType.V128 && _choices.Chance(75))
        {
            Vector(depth);
            return;
        }

        switch (_choices.Below(34))
        {
            case >= 32 when type is ValType.I32 or ValType.I64: Mix(type, depth); break;
            case >= 29: SelectChain(type, depth); break;
            case >= 25 when _shape.IsLegacy && type != ValType.V128: Numeric(type, depth); break;
            case >= 25 when _shape.IsLegacy: Leaf(type); break;
            case >= 26: NumberOfHeap(type, depth); break;
            case 25 when type is ValType.I32 or ValType.I64: Atomic(type, depth); break;
            case < 5: Leaf(type); break;
            case < 13 when type == ValType.V128: Vector(depth); break;
            case < 13: Numeric(type, depth); break;
            case < 16 when type == ValType.V128: VectorLoad(depth); break;
            case < 16: Load(type, depth); break;
            case < 17: Select(type, depth); break;
            case < 18: Tee(type, depth); break;
            case < 19: BlockExpression(type, depth); break;
            case < 20: IfExpression(type, depth); break;
            case < 21: CallExpression(type, depth); break;
            case < 22: BranchIfWithValue(type, depth); break;
            case < 23 when type is ValType.I32 or ValType.I64: Size(type, depth); break;
            case < 24 when _choices.Chance(10): LeaveForever(type, depth); break;
            case < 25 when type != ValType.V128 && _choices.Chance(60): NumberOfVector(type, depth); break;
            default: Leaf(type); break;
        }
    }

    private void Leaf(ValType type)
    {
        var choice = _choices.Below(3);
        if (choice == 0 && LocalOf(type) is { } local)
        {
            _code.Byte(0x20).U32((uint)local);
        }
        else if (choice == 1 && GlobalOf(type) is { } global)
        {
            _code.Byte(0x23).U32((uint)global);
        }
        else if (type == ValType.FuncRef && _choices.Chance(70))
        {
            _code.Byte(0xD2).U32((uint)_choices.Of([.. _shape.Generated]));
        }
        else
        {
            ModuleGen.WriteConstant(_code, type, _choices);
        }
    }

    private void SetVariable(int depth)
    {
        var type = _isPlain ? _choices.Number() : _choices.Chance(10) ? ValType.V128 : !_shape.IsLegacy && _choices.Chance(10) ? HeapType() : _choices.Number();
        Expression(type, depth + 1);
        Consume(type);
    }

    private void Tee(ValType type, int depth)
    {
        Expression(type, depth + 1);
        if (LocalOf(type, toSet: true) is { } local)
        {
            _code.Byte(0x22).U32((uint)local);
        }
    }

    private void Select(ValType type, int depth)
    {
        Expression(type, depth + 1);
        Expression(type, depth + 1);
        Condition(depth);
        if (type.IsReference() || (!_isPlain && _choices.Chance(30)))
        {
            _code.Byte(0x1C).U32(1).Type(type);
        }
        else
        {
            _code.Byte(0x1B);
        }
    }

    /// <summary>Takes a value off the stack and, mostly, keeps it somewhere.</summary>
    private void Consume(ValType type)
    {
        if (_choices.Chance(60) && LocalOf(type, toSet: true) is { } local)
        {
            _code.Byte(0x21).U32((uint)local);
        }
        else if (_choices.Chance(80) && GlobalOf(type) is { } global)
        {
            _code.Byte(0x24).U32((uint)global);
        }
        else
        {
            _code.Byte(0x1A);
        }
    }

    private void ConsumeAll(ImmutableArray<ValType> types)
    {
        for (var i = types.Length - 1; i >= 0; i--)
        {
            Consume(types[i]);
        }
    }

    private void Expressions(ImmutableArray<ValType> types, int depth)
    {
        foreach (var type in types)
        {
            Expression(type, depth + 1);
        }
    }

    // The scratch locals hold NaNs that are not canonical yet, for one instruction.
    private int? LocalOf(ValType type, bool toSet = false)
    {
        var candidates = Enumerable.Range(0, _locals.Count)
            .Where(i => _locals[i] == type && i != _scratch32 && i != _scratch64 && i != _scratch128 && !(toSet && _counters.Contains(i))).ToList();
        return candidates.Count == 0 ? null : _choices.Of(candidates);
    }

    private int? GlobalOf(ValType type)
    {
        var candidates = Enumerable.Range(1, _shape.Globals.Length - 1).Where(i => _shape.Globals[i] == type).ToList();
        return candidates.Count == 0 ? null : _choices.Of(candidates);
    }
}
