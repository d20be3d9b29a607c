using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Which locals each loop touches, so that its deadline check knows what to save.</content>
internal sealed partial class FunctionCompiler
{
    private const int NoLoop = -1;

    private readonly List<LocalAccess> _accesses = [];
    private readonly List<LoopAccesses> _loops = [];
    private readonly Stack<int> _openLoops = new();
    private int _callCount;
    private readonly List<int> _loopSlots = [];

    // By local, the offsets of the first and the last instruction that touches it.
    private int[] _firstTouch = new int[64];
    private int[] _lastTouch = new int[64];

    private void ClearLoops()
    {
        _accesses.Clear();
        _loops.Clear();
        _loopSlots.Clear();
        _openLoops.Clear();
        _resumptions = _resumptionAttempts = _savedPlaces = _callCount = 0;
    }

    private void ClearTouches(int locals)
    {
        if (locals > _firstTouch.Length)
        {
            Array.Resize(ref _firstTouch, Math.Max(locals, _firstTouch.Length * 2));
            Array.Resize(ref _lastTouch, _firstTouch.Length);
        }

        Array.Fill(_firstTouch, int.MaxValue, 0, locals);
        Array.Fill(_lastTouch, -1, 0, locals);
    }

    private int BeginLoop(in Instruction instruction)
    {
        var outermost = _openLoops.TryPeek(out var outer) ? _loops[outer].Outermost : _loops.Count;
        var slots = _loopSlots.Count;

        // One more than can be saved says that they are too many: a million operands may wait below a million loops.
        for (var i = 0; i < _height && MayResume() && _loopSlots.Count - slots <= MaxSavedSlots; i++)
        {
            if (_operands[i].Place == OperandPlace.Slot)
            {
                _loopSlots.Add(_operands[i].Index);
            }
        }

        _openLoops.Push(_loops.Count);
        _loops.Add(new LoopAccesses
        {
            Begin = _accesses.Count, FirstBranch = int.MaxValue, Offset = _offset, EndOffset = int.MaxValue, Outermost = outermost,
            FirstSlot = slots, EndSlot = _loopSlots.Count, FirstCall = _callCount, IsDispatch = IsDispatch(instruction),
        });
        return _loops.Count - 1;
    }

    /// <summary>Whether a loop begins with a jump table: each iteration goes on at one of many places, as in functions that can be left and resumed.</summary>
    private bool IsDispatch(in Instruction loop)
    {
        var body = _layout.Module.Bodies[_function];
        var reader = new InstructionReader(_layout.Module.Binary.Span, loop.EndOffset, body.Offset + body.Length, _layout.Module.Features);
        var instruction = default(Instruction);
        var known = reader.Read(ref instruction);
        while (known && instruction.Op == Op.Block)
        {
            known = reader.Read(ref instruction);
        }

        return known && instruction.Op == Op.LocalGet && reader.Read(ref instruction) && instruction.Op == Op.BrTable;
    }

    private void EndLoop()
    {
        var loop = _openLoops.Pop();
        _loops[loop] = _loops[loop] with { End = _accesses.Count, EndOffset = _offset, Calls = _callCount - _loops[loop].FirstCall };
    }

    private void NoteAccess(int local, bool isSet)
    {
        _firstTouch[local] = Math.Min(_firstTouch[local], _offset);
        _lastTouch[local] = _offset;
        if (_openLoops.Count > 0)
        {
            _accesses.Add(new LocalAccess(local, isSet));
        }
    }

    /// <summary>What follows a branch or lies in a block may be passed by in some iterations.</summary>
    private void NoteBranch(Op instruction)
    {
        var branches = instruction is Op.Block or Op.Loop or Op.If or Op.Br or Op.BrIf or Op.BrTable or Op.Return
            or Op.BrOnNull or Op.BrOnNonNull or Op.BrOnCast or Op.BrOnCastFail or Op.TryTable or Op.Try;
        if (branches && _openLoops.TryPeek(out var loop) && _loops[loop].FirstBranch == int.MaxValue)
        {
            _loops[loop] = _loops[loop] with { FirstBranch = _accesses.Count };
        }
    }

    /// <param name="Local">Which.</param>
    /// <param name="IsSet">Whether it was written and not read.</param>
    private readonly record struct LocalAccess(int Local, bool IsSet);

    /// <summary>A loop: its accesses and how many of them come before the first branch or block, its place in the binary, and the slots of operands that wait while it runs.</summary>
    private readonly record struct LoopAccesses
    {
        public int Begin { get; init; }

        public int End { get; init; }

        public int FirstBranch { get; init; }

        public int Offset { get; init; }

        /// <summary>At most <see cref="int.MaxValue"/>: the loop is still open.</summary>
        public int EndOffset { get; init; }

        /// <summary>The outermost loop that this one lies in; itself when there is none.</summary>
        public int Outermost { get; init; }

        /// <summary>Whether it begins with a jump table.</summary>
        public bool IsDispatch { get; init; }

        /// <summary>How many calls the function has before it.</summary>
        public int FirstCall { get; init; }

        /// <summary>How many calls it has; 0 while it is open.</summary>
        public int Calls { get; init; }

        public int FirstSlot { get; init; }

        public int EndSlot { get; init; }
    }
}
