namespace HostService.Runtime.Execution.Profiling;

/// <summary>One look at the guest.</summary>
/// <param name="Time">When, since the profile began.</param>
/// <param name="Stack">The stack, of a <see cref="StackTree"/>.</param>
/// <param name="Intervals">How many intervals it stands for.</param>
/// <param name="Cpu">Processor time of the guest's thread since the sample before; null where that can't be told.</param>
/// <param name="MemoryBytes">How many bytes the Store's linear memories have.</param>
internal readonly record struct Sample(TimeSpan Time, int Stack, int Intervals, TimeSpan? Cpu, long MemoryBytes);

/// <summary>Samples in the order of time, bounded in number.</summary>
internal sealed class SampleTable(int capacity)
{
    private readonly List<Sample> _samples = [];

    public int Count => _samples.Count;

    public Sample this[int index] => _samples[index];

    /// <summary>Adds a sample.</summary>
    /// <returns>Whether the table was full and now has half as many, each of which stands for two.</returns>
    public bool Add(in Sample sample)
    {
        var isFull = _samples.Count == capacity;
        if (isFull)
        {
            Thin();
        }

        _samples.Add(sample);
        return isFull;
    }

    // The later of two neighbours stands for both: a sample's numbers are about the time up to it.
    private void Thin()
    {
        for (var i = 0; i < _samples.Count / 2; i++)
        {
            var (earlier, later) = (_samples[2 * i], _samples[(2 * i) + 1]);
            _samples[i] = later with { Intervals = earlier.Intervals + later.Intervals, Cpu = earlier.Cpu + later.Cpu };
        }

        // Of an odd number the last one stays as it is.
        if (_samples.Count % 2 == 1)
        {
            _samples[_samples.Count / 2] = _samples[^1];
        }

        var kept = (_samples.Count + 1) / 2;
        _samples.RemoveRange(kept, _samples.Count - kept);
    }
}
