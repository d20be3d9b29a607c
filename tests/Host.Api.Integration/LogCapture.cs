using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;

namespace HostService.Host.Integration;

/// <summary>Keeps what is logged, with everything that a sink would see.</summary>
public sealed class LogCapture : ILogEventSink
{
    private readonly ConcurrentQueue<LogEvent> _events = new();

    public IReadOnlyCollection<LogEvent> Events => _events;

    public void Emit(LogEvent logEvent) => _events.Enqueue(logEvent);

    /// <summary>Message, properties and exceptions of every event, as one text.</summary>
    public string Everything() => string.Join('\n', _events.Select(entry =>
        entry.RenderMessage(null) + " " + string.Join(' ', entry.Properties.Select(property => $"{property.Key}={property.Value}")) + " " + entry.Exception));

    /// <summary>The first event with such a message, waited for: guests log from threads of their own.</summary>
    public async Task<LogEvent> WaitForAsync(Func<LogEvent, bool> wanted)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (_events.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"Not logged. What was:\n{Everything()}");
    }

    internal void Install(IServiceCollection services) => services.AddSingleton<ILogEventSink>(this);
}
