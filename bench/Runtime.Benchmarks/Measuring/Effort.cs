namespace HostService.Runtime.Benchmarks.Measuring;

/// <summary>How long a measurement may take.</summary>
/// <param name="Rounds">How often both sides run in turn.</param>
/// <param name="RoundTime">How long one side's loop should last in a round: long enough for several garbage collections.</param>
/// <param name="WarmTime">How long a loop runs before it counts.</param>
/// <param name="Processes">How many processes of each side measure a whole program.</param>
internal sealed record Effort(int Rounds, TimeSpan RoundTime, TimeSpan WarmTime, int Processes)
{
    public static Effort Full { get; } = new(15, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), 3);

    public static Effort Quick { get; } = new(7, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(200), 1);
}
