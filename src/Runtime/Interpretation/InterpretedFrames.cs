using HostService.Runtime.Execution;

namespace HostService.Runtime.Interpretation;

/// <summary>The functions that one activation of the interpreter is in, innermost first.</summary>
internal sealed unsafe class InterpretedFrames
{
    /// <summary>How many are kept: more than any trap lists.</summary>
    private const int MaxKept = 128;

    private readonly List<InterpretedFrame> _frames = [];

    /// <summary>Reads the calls of an activation.</summary>
    /// <param name="state">Its instance.</param>
    /// <param name="top">Its last call.</param>
    /// <param name="end">The last call before it.</param>
    /// <param name="step">Where the innermost function is, as far as that was noted.</param>
    public InterpretedFrames(InstanceState state, CallRecord* top, CallRecord* end, Step* step)
    {
        State = state;
        for (var record = top; record < end; record++, Count++)
        {
            if (Count < MaxKept)
            {
                _frames.Add(new InterpretedFrame(state.Interpreter!.IndexOf(record->Function), step == null ? -1 : step->High));
            }

            step = record->ReturnTo - 1;
        }
    }

    /// <summary>The instance.</summary>
    public InstanceState State { get; }

    /// <summary>How many functions there are, kept or not.</summary>
    public int Count { get; }

    /// <summary>The innermost ones.</summary>
    public IReadOnlyList<InterpretedFrame> Kept => _frames;
}

/// <summary>One function of an activation.</summary>
/// <param name="Function">The function, counted without the imported ones.</param>
/// <param name="Offset">Where it is, in bytes from the start of the binary; −1 when that is not known.</param>
internal readonly record struct InterpretedFrame(int Function, int Offset);
