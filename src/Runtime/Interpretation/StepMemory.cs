using System.Runtime.InteropServices;

namespace HostService.Runtime.Interpretation;

/// <summary>Native memory for the steps of a module's functions. It grows by blocks and is freed as a whole.</summary>
internal sealed unsafe class StepMemory
{
    private const int BlockSteps = 16 * 1024;

    private readonly List<nint> _blocks = [];
    private Step* _next;
    private int _left;
    private long _bytes;

    ~StepMemory()
    {
        foreach (var block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }
    }

    /// <summary>How much memory it has. May be asked by any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Copies steps to where they stay.</summary>
    public Step* Keep(ReadOnlySpan<Step> steps)
    {
        if (steps.Length > _left)
        {
            // The rest of the block is lost, which is little: few functions are long, and those get blocks of their own.
            var length = Math.Max(steps.Length, BlockSteps);
            _next = (Step*)NativeMemory.Alloc((nuint)length, (nuint)sizeof(Step));
            _left = length;
            Volatile.Write(ref _bytes, _bytes + ((long)length * sizeof(Step)));
            _blocks.Add((nint)_next);
        }

        var kept = _next;
        steps.CopyTo(new Span<Step>(kept, steps.Length));
        _next += steps.Length;
        _left -= steps.Length;
        return kept;
    }
}
