using BenchmarkDotNet.Attributes;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>What does a trap cost, from the call to the caught error?</summary>
public class Traps : InstanceQuestion
{
    private const int Operations = 100;

    [Benchmark(OperationsPerInvoke = Operations)]
    public int TrapRoundTrip() => Instance.CatchTraps(Operations);
}
