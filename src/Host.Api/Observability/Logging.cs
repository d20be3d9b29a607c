using System.Globalization;
using HostService.Host.Features;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace HostService.Host.Observability;

/// <summary>Serilog: structured messages on standard output, as lines for people or as JSON for machines.</summary>
/// <remarks>
/// Messages within a request carry its id and trace, and those about a function its tenant and module. No message carries a key, a header or a body; a guest's standard error
/// is its own to fill.
/// </remarks>
internal static class Logging
{
    /// <summary>The setting of the format: <c>text</c> (the default) or <c>json</c>.</summary>
    public const string FormatName = "LogFormat";

    private const string FormatSetting = HostServiceOptions.Section + ":" + FormatName;

    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{Scope:l}{NewLine}{Exception}";

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        var toProviders = Telemetry.HasCollector(builder.Configuration);
        builder.Services.AddSerilog(
            (services, logger) => logger
                .MinimumLevel.Information()
                // One message for each request would cost more than a short function; failures say so themselves.
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                .MinimumLevel.Override("System", LogEventLevel.Warning)
                .ReadFrom.Configuration(builder.Configuration)
                .ReadFrom.Services(services)
                .Enrich.FromLogContext()
                .Filter.ByExcluding(StartFailure.IsReport)
                .WriteTo.Console(FormatterFor(builder.Configuration[FormatSetting])),
            // Two hosts in one process, as in tests, each have their own.
            preserveStaticLogger: true,
            // To the collector as well, when there is one.
            writeToProviders: toProviders);
    }

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">There is no such format.</exception>
    private static ITextFormatter FormatterFor(string? format) => format switch
    {
        null or "" or "text" => new ScopedText(new MessageTemplateTextFormatter(Template, CultureInfo.InvariantCulture)),
        "json" => new CompactJsonFormatter(),
        _ => throw Settings.Wrong($"HostService__LogFormat is \"{format}\"; it must be text or json."),
    };

    /// <summary>Appends which function and which request a message belongs to.</summary>
    private sealed class ScopedText(MessageTemplateTextFormatter inner) : ITextFormatter
    {
        private static readonly string[] s_shown = ["Tenant", "Module", "RequestId"];

        public void Format(LogEvent logEvent, TextWriter output)
        {
            var scope = string.Concat(s_shown
                .Where(name => logEvent.Properties.ContainsKey(name) && !logEvent.MessageTemplate.Text.Contains('{' + name, StringComparison.Ordinal))
                .Select(name => $" {name}={logEvent.Properties[name].ToString("l", CultureInfo.InvariantCulture)}"));
            if (scope.Length > 0)
            {
                logEvent.AddOrUpdateProperty(new LogEventProperty("Scope", new ScalarValue($" [{scope[1..]}]")));
            }

            inner.Format(logEvent, output);
        }
    }
}
