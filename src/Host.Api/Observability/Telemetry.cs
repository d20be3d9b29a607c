using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HostService.Host.Observability;

/// <summary>OpenTelemetry: metrics for Prometheus always; metrics, traces and logs to a collector when one is configured.</summary>
internal static class Telemetry
{
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "hostservice";

    /// <summary>Whether a collector is configured.</summary>
    public static bool HasCollector(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[CollectorSetting]);

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HostMetrics>().AddSingleton<EngineMetrics>();
        var telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME wins.
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(HostMetrics.MeterName)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (HasCollector(builder.Configuration))
        {
            // Without anybody to send them to, activities are not even made.
            telemetry
                .WithTracing(traces => traces.AddSource(HostActivities.Name).AddAspNetCoreInstrumentation())
                .WithLogging()
                .UseOtlpExporter();
        }
    }
}
