using System.Diagnostics;
using System.Text;

namespace HostService.Support;

/// <summary>A program that ran to its end.</summary>
public sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program in a folder and waits for it; past <paramref name="timeout"/> it is ended and <see cref="TimeoutException"/> thrown.</summary>
    public static async Task<Command> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan timeout, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var clock = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(clock.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} ran longer than {timeout}.");
        }

        return new Command(process.ExitCode, await output, await error);
    }

    /// <summary>Throws with what the program said, unless it ended with 0.</summary>
    public Command Successful() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"Exit code {ExitCode}\n{Output}\n{Error}");
}
