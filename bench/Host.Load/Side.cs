namespace HostService.Load;

/// <summary>The runs of one side of a scenario, summed up: the run with the median throughput stands for all.</summary>
internal sealed class Side(PublishedProcess process, Func<Task<double?>> allocatedBytes)
{
    private readonly List<Wrk> _runs = [];
    private double? _bytes = 0;
    private TimeSpan _processorTime;

    public Wrk Median => _runs.OrderBy(r => r.PerSecond).ElementAt(_runs.Count / 2);

    public long Errors => _runs.Sum(r => r.Errors);

    public double? BytesPerCall => _bytes / _runs.Sum(r => r.Requests);

    /// <summary>Microseconds of the program's processor time for one request: what stays comparable when the machine has other work.</summary>
    public double ProcessorMicrosecondsPerCall => _processorTime.TotalMicroseconds / _runs.Sum(r => r.Requests);

    public async Task RunAsync(Scenario scenario, string key, int connections, int seconds)
    {
        var before = await allocatedBytes();
        var processorTime = process.ProcessorTime;
        _runs.Add(await Wrk.RunAsync(process.Address, scenario, key, connections, seconds));
        _processorTime += process.ProcessorTime - processorTime;
        _bytes += await allocatedBytes() - before;
    }

    /// <summary>A run that does not count: code is brought to its last tier and pools fill.</summary>
    public Task WarmAsync(Scenario scenario, string key, int connections, int seconds) => Wrk.RunAsync(process.Address, scenario, key, connections, seconds);
}
