using System.Globalization;
using BenchmarkDotNet.Attributes;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>What does it cost to cross the border between host and guest?</summary>
public class Calls : InstanceQuestion
{
    private const int Operations = 10_000;
    private Func<ulong>? _callHost;

    public override void Setup()
    {
        base.Setup();
        _callHost = Instance.Bind("call_host", Operations.ToString(CultureInfo.InvariantCulture));
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int HostToGuest() => Instance.CallTyped(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public int HostToGuestUntyped() => Instance.CallUntyped(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public ulong GuestToHost() => _callHost!();
}
