using Xunit;
using YamlDotNet.RepresentationModel;

namespace HostService.Deploy.Tests;

/// <summary>Prometheus and the collector are configured for the services and ports that the compose file has.</summary>
public class ScrapeConfigurationTests
{
    private readonly YamlMappingNode _compose = YamlFile.Load("docker-compose.yml");
    private readonly YamlMappingNode _prometheus = YamlFile.Load("deploy/prometheus/prometheus.yml");
    private readonly YamlMappingNode _collector = YamlFile.Load("deploy/collector/config.yaml");

    [Fact]
    public void Prometheus_ScrapesTheServiceWithTheOperatorsKey()
    {
        var job = Assert.Single(((YamlSequenceNode)_prometheus.At("scrape_configs")!).Children);

        var target = Assert.Single(Assert.Single(((YamlSequenceNode)job.At("static_configs")!).Children).Items("targets"));
        Assert.Equal($"hostservice:{Dockerfile.Load().Single("EXPOSE")}", target);
        Assert.Equal("/metrics", job.Text("metrics_path"));
        var secret = Assert.Single(_compose.Items("services", "prometheus", "secrets"));
        Assert.Equal($"/run/secrets/{secret}", job.Text("authorization", "credentials_file"));
    }

    [Fact]
    public void Prometheus_RuleFiles_Exist() =>
        Assert.All(_prometheus.Items("rule_files"), file => Assert.True(File.Exists(Support.Repository.PathOf("deploy", "prometheus", file)), file));

    [Fact]
    public void Collector_Pipelines_UseOnlyWhatIsDefined()
    {
        var pipelines = _collector.Keys("service", "pipelines");

        Assert.Contains("traces", pipelines);
        Assert.All(pipelines, pipeline =>
        {
            foreach (var kind in new[] { "receivers", "processors", "exporters" })
            {
                var used = _collector.Items("service", "pipelines", pipeline, kind);
                Assert.NotEmpty(used);
                Assert.Subset(_collector.Keys(kind).ToHashSet(), used.ToHashSet());
            }
        });
    }

    [Fact]
    public void Service_SendsToAPortOnWhichTheCollectorListens()
    {
        var endpoint = new Uri(_compose.Text("services", "hostservice", "environment", "OTEL_EXPORTER_OTLP_ENDPOINT")!);

        Assert.Contains(endpoint.Host, _compose.Keys("services"));
        Assert.EndsWith($":{endpoint.Port}", _collector.Text("receivers", "otlp", "protocols", "grpc", "endpoint"), StringComparison.Ordinal);
    }
}
