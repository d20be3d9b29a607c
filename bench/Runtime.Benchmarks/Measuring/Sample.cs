namespace HostService.Runtime.Benchmarks.Measuring;

/// <summary>What one side took per operation: medians over the rounds.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="BestSeconds">Wall time of the best round.</param>
/// <param name="CpuSeconds">Processor time of the whole process, all threads.</param>
/// <param name="ManagedBytes">Bytes allocated on the managed heap by the measuring thread.</param>
internal readonly record struct Sample(double Seconds, double BestSeconds, double CpuSeconds, double ManagedBytes)
{
    public static Sample FromRounds(IReadOnlyCollection<Sample> rounds) => new(
        Median(rounds.Select(r => r.Seconds)),
        rounds.Min(r => r.Seconds),
        Median(rounds.Select(r => r.CpuSeconds)),
        Median(rounds.Select(r => r.ManagedBytes)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
