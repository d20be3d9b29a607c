using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HostService.Load;

/// <summary>A published ASP.NET Core program, started on a free loopback port and stopped with this object.</summary>
internal sealed class PublishedProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private PublishedProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>The processor time that the program has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Publishes a project in Release; answers the directory.</summary>
    public static async Task<string> PublishAsync(string project, string output)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { "publish", project, "-c", "Release", "-o", output, "--nologo", "-v", "quiet" } };
        using var publish = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? output : throw new InvalidOperationException($"publishing {project} failed");
    }

    /// <summary>Starts <paramref name="assembly"/> of a published directory and waits until <paramref name="readyPath"/> answers with success.</summary>
    public static async Task<PublishedProcess> StartAsync(string directory, string assembly, string readyPath, IReadOnlyDictionary<string, string> environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(directory, assembly) },
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        // The pipes are drained, or a program that logs would stand still when they are full.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new PublishedProcess(process, address);
        await started.WaitUntilReadyAsync(readyPath);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var timeout = new CancellationTokenSource(s_startTimeout);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"the program ended with exit code {_process.ExitCode} before it was ready");
            try
            {
                using var response = await client.GetAsync(path, timeout.Token);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, timeout.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
