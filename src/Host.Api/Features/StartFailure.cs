using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Serilog.Events;

namespace HostService.Host.Features;

/// <summary>Why the service does not start, where that is nothing of its own doing: a setting, an address that is taken, a disk that can't be written.</summary>
internal static class StartFailure
{
    // Where the framework logs what it then throws.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Whether the exception's own words are enough, so that nobody needs to see where it came from.</summary>
    public static bool IsKnown(Exception failure) => failure is OptionsValidationException or IOException or SocketException or UnauthorizedAccessException;

    /// <summary>Whether a log message is the framework's report of such a failure, which <see cref="Complain"/> makes in a line.</summary>
    public static bool IsReport(LogEvent entry) =>
        entry is { Exception: { } failure } && IsKnown(failure)
        && entry.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: HostCategory };

    /// <summary>Tells whoever started the service.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Complain(Exception failure, TextWriter output)
    {
        if (failure is OptionsValidationException settings)
        {
            return Settings.Complain(settings, output);
        }

        output.WriteLine($"The service does not start: {(failure is SocketException ? $"it can't listen. {failure.Message}" : failure.Message)}");
        return 1;
    }
}
