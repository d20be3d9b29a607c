using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HostService.Host.Integration;

/// <summary>An OpenTelemetry collector as far as a service can see: it takes OTLP over HTTP, and keeps it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _received.Enqueue((http.Request.Path, body.ToArray()));
            http.Response.ContentType = "application/x-protobuf";
        });
    }

    /// <summary>What a host has to be told to send everything here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        // Seconds otherwise, and a minute for metrics.
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Everything that came of a signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>, each byte a character. Texts stand in it as they are.</summary>
    public string Received(string signal) =>
        string.Concat(_received.Where(request => request.Path == $"/v1/{signal}").Select(request => Encoding.Latin1.GetString(request.Body)));

    /// <summary>Waits until all of some texts have come.</summary>
    public async Task WaitForAsync(string signal, params string[] texts)
    {
        for (var attempt = 0; texts.FirstOrDefault(text => !Received(signal).Contains(text, StringComparison.Ordinal)) is { } missing; attempt++)
        {
            if (attempt == 600)
            {
                throw new TimeoutException($"\"{missing}\" is not among the {signal}: {Received(signal)}");
            }

            await Task.Delay(100);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
