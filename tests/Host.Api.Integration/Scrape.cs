using System.Globalization;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What <c>/metrics</c> answered at a moment.</summary>
internal sealed class Scrape
{
    // Generous, as the machine may be busy with something else.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    // The exporter answers from its cache for that long.
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private Scrape(string text) => Text = text;

    public string Text { get; }

    /// <summary>The names of all samples.</summary>
    public IReadOnlySet<string> Names => Samples().Select(sample => sample.Series.Split('{')[0]).ToHashSet();

    public static async Task<Scrape> OfAsync(RunningHost host)
    {
        using var client = host.Anonymous();
        return new Scrape(await client.GetStringAsync("/metrics"));
    }

    /// <summary>Scrapes until something holds; fails with the last scrape when it never does.</summary>
    public static async Task<Scrape> UntilAsync(RunningHost host, Func<Scrape, bool> condition)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(s_interval))
        {
            var scrape = await OfAsync(host);
            if (condition(scrape))
            {
                return scrape;
            }

            if (TimeProvider.System.GetElapsedTime(started) > s_timeout)
            {
                Assert.Fail($"Not so within {s_timeout}. The service's own metrics were:\n" + string.Join('\n', scrape.Text.Split('\n').Where(line => line.StartsWith("hostservice_", StringComparison.Ordinal) || line.StartsWith("faas_", StringComparison.Ordinal))));
            }
        }
    }

    /// <summary>The sum of all series of a name whose labels have all of some texts; null when there is none.</summary>
    public double? Sum(string name, params string[] labels)
    {
        var values = Samples()
            .Where(sample => sample.Series.Split('{')[0] == name && labels.All(label => sample.Series.Contains(label, StringComparison.Ordinal)))
            .Select(sample => sample.Value).ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    // name{label="value",…} 12 1700000000000; the time is optional, and values of labels may have spaces.
    private IEnumerable<(string Series, double Value)> Samples() =>
        from line in Text.Split('\n')
        where line.Length > 0 && line[0] != '#'
        let end = line.LastIndexOf('}') is var brace and > 0 ? brace + 1 : line.IndexOf(' ', StringComparison.Ordinal)
        select (line[..end], double.Parse(line[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));
}
