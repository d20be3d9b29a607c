using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <summary>Finds the direct calls that no iteration of a loop gets past: those before the first way back to the loop's start that no branch jumps over.</summary>
/// <remarks>It looks at the first instructions only, so that loops in loops in loops cost no more than their number. The loop is valid.</remarks>
internal ref struct LoopIteration
{
    // A loop whose calls come later is long enough not to notice its check.
    private const int MaxInstructions = 200;

    private const int None = int.MaxValue;

    private readonly ReadOnlySpan<byte> _binary;
    private InstructionReader _reader;
    private int _left = MaxInstructions;

    // How many blocks of the loop are open, and how many lie around the outermost one whose end can be reached past what follows.
    private int _open;
    private int _skipped = None;

    /// <summary>Starts at the first instruction of a loop in a function that ends at <paramref name="end"/>.</summary>
    public LoopIteration(ReadOnlySpan<byte> binary, int start, int end, WasmFeatures features)
    {
        _binary = binary;
        _reader = new InstructionReader(binary, start, end, features);
    }

    /// <summary>Finds the next one.</summary>
    /// <param name="callee">The index of the function that it calls.</param>
    /// <returns>False when there is none, or it was not looked for that far.</returns>
    public bool NextCertainCall(out int callee)
    {
        var instruction = default(Instruction);
        for (; _left > 0 && _reader.Read(ref instruction); _left--)
        {
            if (instruction.Op == Op.Call && _skipped == None)
            {
                callee = instruction.Index;
                return true;
            }

            if (!Follow(instruction))
            {
                break;
            }
        }

        _left = 0;
        callee = 0;
        return false;
    }

    // False where an iteration may end, and at handlers: from anywhere in their region control may go to anywhere.
    private bool Follow(in Instruction instruction)
    {
        switch (instruction.Op)
        {
            case Op.Block or Op.Loop:
                _open++;
                return true;

            case Op.If:
                _skipped = Math.Min(_skipped, _open++);
                return true;

            case Op.End:
                _open--;
                _skipped = _skipped == _open ? None : _skipped;
                return _open >= 0;

            case Op.Br or Op.BrIf or Op.BrOnNull or Op.BrOnNonNull or Op.BrOnCast or Op.BrOnCastFail:
                return Branch(instruction.Index);

            case Op.BrTable:
                return BranchTable(instruction);

            default:
                return instruction.Op is not (Op.TryTable or Op.Try);
        }
    }

    private bool Branch(int label)
    {
        if (label < _open)
        {
            _skipped = Math.Min(_skipped, _open - 1 - label);
        }

        // Further out than the loop, the branch leaves it.
        return label != _open;
    }

    private bool BranchTable(in Instruction instruction)
    {
        var labels = new LabelReader(_binary, instruction);
        while (labels.Read(out var label))
        {
            if (!Branch(label))
            {
                return false;
            }
        }

        return Branch(instruction.Index);
    }
}
