using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection.Metadata;

namespace HostService.Runtime.Compilation.IL;

/// <content>Labels and branches. Every branch has the long form, and all are resolved when the code is copied.</content>
internal sealed partial class ILWriter
{
    private const int Unmarked = -1;
    private const int UnknownDepth = -1;

    private int _labelCount;
    private int[] _labelPositions = new int[64];
    private int[] _labelDepths = new int[64];
    private int _fixupCount;
    private Fixup[] _fixups = new Fixup[64];
    private (int Label, int End) _lastConditional;
    private readonly List<int> _blockEnds = [];

    /// <summary>How many labels there are: where blocks begin, apart from those after branches.</summary>
    public int LabelCount => _labelCount;

    /// <summary>How many targets all branches have, together.</summary>
    public int BranchTargetCount { get; private set; }

    /// <summary>Makes a label to branch to and to mark, in either order.</summary>
    public ILLabel DefineLabel()
    {
        if (_labelCount == _labelPositions.Length)
        {
            Array.Resize(ref _labelPositions, _labelCount * 2);
            Array.Resize(ref _labelDepths, _labelCount * 2);
        }

        _labelPositions[_labelCount] = Unmarked;
        _labelDepths[_labelCount] = UnknownDepth;
        return new ILLabel(_labelCount++);
    }

    /// <summary>Puts the label here. After code that does not go on, the stack is what it was where the label was branched to.</summary>
    public void Mark(ILLabel label)
    {
        Debug.Assert(_labelPositions[label.Id] == Unmarked, "A label is marked once.");
        if (_lastConditional == (label.Id, _length))
        {
            // RyuJIT of .NET 10 reads through a null pointer, and takes the process with it, when a conditional branch leads to the next instruction and two
            // protected regions begin there.
            Op(ILOpCode.Nop);
        }

        _labelPositions[label.Id] = _length;
        if (_unreachable)
        {
            _depth = Math.Max(_labelDepths[label.Id], 0);
            _unreachable = false;
        }
        else
        {
            NoteDepth(label);
        }
    }

    /// <summary>Branches; <paramref name="code"/> is the long form of a branch instruction and says how many operands it takes.</summary>
    public void Branch(ILOpCode code, ILLabel label)
    {
        Code(code);
        Drop(code switch
        {
            ILOpCode.Br => 0,
            ILOpCode.Leave => _depth,
            ILOpCode.Brtrue or ILOpCode.Brfalse => 1,
            ILOpCode.Beq or ILOpCode.Bne_un or ILOpCode.Bge or ILOpCode.Bge_un or ILOpCode.Bgt or ILOpCode.Bgt_un
                or ILOpCode.Ble or ILOpCode.Ble_un or ILOpCode.Blt or ILOpCode.Blt_un => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a branch in its long form."),
        });
        NoteDepth(label);
        AddFixup(label, _length, _length + 4);
        Int32(0);
        _blockEnds.Add(_length);
        _unreachable = code is ILOpCode.Br or ILOpCode.Leave;
        if (!_unreachable)
        {
            _lastConditional = (label.Id, _length);
        }
    }

    /// <summary>Pops an index and branches to the label with that number; goes on when there is none.</summary>
    public void Switch(ReadOnlySpan<ILLabel> labels)
    {
        Code(ILOpCode.Switch);
        Pop(ILType.Int32);
        Int32(labels.Length);
        var end = _length + (4 * labels.Length);
        foreach (var label in labels)
        {
            NoteDepth(label);
            AddFixup(label, _length, end);
            Int32(0);
        }

        _blockEnds.Add(_length);
    }

    // A block begins where one ends, where a branch leads, and where a protected region or its handler begins. Counting takes a set, and few methods have so many that it matters.
    private int CountBlocks()
    {
        if (1 + _blockEnds.Count + _labelCount + (2 * _regions.Count) is var bound and <= OptimizerLimits.Blocks)
        {
            return bound;
        }

        var starts = new HashSet<int>(_blockEnds) { 0 };
        foreach (var fixup in _fixups.AsSpan(0, _fixupCount))
        {
            starts.Add(_labelPositions[fixup.Label]);
        }

        foreach (var region in _regions)
        {
            starts.Add(region.TryStart);
            starts.Add(region.HandlerStart);
        }

        starts.Remove(_length);
        return starts.Count;
    }

    private void NoteDepth(ILLabel label)
    {
        ref var depth = ref _labelDepths[label.Id];
        Debug.Assert(depth == UnknownDepth || depth == _depth, "Every way to a label has the same stack.");
        depth = _depth;
    }

    private void AddFixup(ILLabel label, int position, int origin)
    {
        if (_fixupCount == _fixups.Length)
        {
            Array.Resize(ref _fixups, _fixupCount * 2);
        }

        BranchTargetCount++;
        _fixups[_fixupCount++] = new Fixup(label.Id, position, origin);
    }

    private void ResolveFixups()
    {
        foreach (var fixup in _fixups.AsSpan(0, _fixupCount))
        {
            Debug.Assert(_labelPositions[fixup.Label] != Unmarked, "A label that is branched to is marked.");

            // The origin is the end of an instruction: when that is the end of the prologue it must not be taken for the start of the body, nor the end of the body for the prologue's.
            var origin = FinalOffset(fixup.Position) + (fixup.Origin - fixup.Position);
            BinaryPrimitives.WriteInt32LittleEndian(_code.AsSpan(fixup.Position), FinalOffset(_labelPositions[fixup.Label]) - origin);
        }
    }

    private readonly record struct Fixup(int Label, int Position, int Origin);
}
