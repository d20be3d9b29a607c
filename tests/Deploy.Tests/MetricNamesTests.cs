using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>Dashboard and alerts ask for metrics that the service publishes.</summary>
public sealed partial class MetricNamesTests
{
    private static readonly string[] s_files = ["deploy/grafana/dashboards/hostservice.json", "deploy/prometheus/alerts.yml"];

    [Fact]
    public async Task DashboardAndAlerts_Metrics_ArePublished()
    {
        var asked = s_files.SelectMany(file => NamePattern().Matches(File.ReadAllText(Repository.PathOf(file)))).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(asked);
        await using var service = await ServiceProcess.StartAsync(new ServiceOptions
        {
            Environment = new Dictionary<string, string> { ["HostService__Limits__CpuMilliseconds"] = "200" },
        });

        var published = await MetricsAfterTrafficAsync(service);

        var missing = asked.Where(name => !published.Contains($"\n{name}{{", StringComparison.Ordinal) && !published.Contains($"\n{name} ", StringComparison.Ordinal));
        Assert.True(!missing.Any(), $"Not published: {string.Join(", ", missing)}. Published:\n{published}");
    }

    // A counter appears with its first event, so each kind of event happens once: an answer, a trap, a time-out.
    private static async Task<string> MetricsAfterTrafficAsync(ServiceProcess service)
    {
        var http = service.Operator.Http;
        Assert.Equal("Hello, world!\n", await http.GetStringAsync("/f/default/hello/world"));
        foreach (var sample in new[] { "trap", "numeric" })
        {
            await service.Operator.UploadAsync(sample, await File.ReadAllBytesAsync(Repository.PathOf("samples", sample, $"{sample}.wasm")));
        }

        using var trap = await http.GetAsync("/f/default/trap?total=1&quantity=0");
        Assert.Equal(HttpStatusCode.InternalServerError, trap.StatusCode);
        using var spin = await http.PostAsJsonAsync("/v1/modules/numeric/invoke/spin", new { });
        Assert.Equal(HttpStatusCode.GatewayTimeout, spin.StatusCode);
        return await http.GetStringAsync("/metrics");
    }

    // A name inside "by (…)" is a label.
    [GeneratedRegex(@"(?<!by \()\b(faas|hostservice|http|dotnet)_\w+(?=[\[{)])")]
    private static partial Regex NamePattern();
}
