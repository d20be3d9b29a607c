using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HostService.Host.Observability;

/// <summary>OpenTelemetry: metrics for Prometheus always; metrics, traces and logs to a collector when one is configured.</summary>
internal static class Telemetry
{
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "hostservice";

    // What OpenTelemetry calls itself among the listeners of Microsoft.Extensions.Diagnostics.
    private const string Listener = "OpenTelemetry";

    // With everything below it: hosting, routing, Kestrel.
    private const string FrameworkMeters = "Microsoft.AspNetCore";

    /// <summary>Whether a collector is configured.</summary>
    public static bool HasCollector(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[CollectorSetting]);

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HostMetrics>().AddSingleton<EngineMetrics>().AddSingleton<HostActivities>();
        // By the scope and not with AddMeter, which takes every meter of that name in the process: several hosts in one, as tests have them, would then count into each other's
        // sums, and the last one asked would overwrite what the others observe (docs/adr/0070).
        builder.Services.AddMetrics(metrics => metrics
            .EnableMetrics(HostMetrics.MeterName, null, Listener, MeterScope.Local)
            .EnableMetrics(FrameworkMeters, null, Listener, MeterScope.Local));
        var telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME wins.
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                // There is one runtime in a process, whatever the number of hosts.
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (HasCollector(builder.Configuration))
        {
            telemetry
                // Without anybody to send them to, activities are not even made.
                .WithTracing(traces => traces.AddSource(HostActivities.Name).AddAspNetCoreInstrumentation().AddProcessor(ExportOwnActivities))
                .WithMetrics(metrics => metrics.AddOtlpExporter())
                .WithLogging(logs => logs.AddOtlpExporter());
        }
    }

    // What AddOtlpExporter does for traces, behind a filter.
    private static OwnActivities ExportOwnActivities(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<OtlpExporterOptions>>().CurrentValue;
        var batch = options.BatchExportProcessorOptions;
        // The framework's source, too, is made by each host for itself.
        return new OwnActivities(
            [services.GetRequiredService<HostActivities>().Source, services.GetRequiredService<ActivitySource>()],
            new BatchActivityExportProcessor(
                new OtlpTraceExporter(options), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize));
    }
}
