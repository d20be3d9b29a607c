using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace HostService.Support;

/// <summary>The published service as a process of its own on a free loopback port, stopped with this object.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string? _ownedFolder;

    private ServiceProcess(ProcessStartInfo start, Uri address, string dataDirectory, string operatorKey, string? ownedFolder)
    {
        Address = address;
        DataDirectory = dataDirectory;
        OperatorKey = operatorKey;
        _ownedFolder = ownedFolder;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        // Drained, or a program that logs would stand still once the pipe is full.
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Operator = new ServiceClient(address, operatorKey);
    }

    public Uri Address { get; }

    public string DataDirectory { get; }

    public string OperatorKey { get; }

    /// <summary>A client with the operator's key.</summary>
    public ServiceClient Operator { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that the service wrote.</summary>
    public string Log => string.Join('\n', _log);

    public static async Task<ServiceProcess> StartAsync(ServiceOptions? options = null)
    {
        options ??= new ServiceOptions();
        var folder = options.Folder ?? await PublishedService.FolderAsync();
        var owned = options.DataDirectory is null ? Directory.CreateTempSubdirectory("hostservice-data-").FullName : null;
        var data = options.DataDirectory ?? owned!;
        var operatorKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        var address = new Uri($"http://127.0.0.1:{(options.Binding == ServiceBinding.None ? 8080 : FreePort())}");

        string[] command = [.. options.Launcher, "dotnet", Path.Combine(folder, PublishedService.EntryAssembly)];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        Bind(start, options.Binding, address);
        start.Environment["HostService__DataDirectory"] = data;
        if (!options.GenerateOperatorKey)
        {
            start.Environment["HostService__OperatorKey"] = operatorKey;
        }

        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(start, address, data, operatorKey, owned);
        await service.WaitUntilReadyAsync(options.StartTimeout);
        return service;
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_ownedFolder is not null)
        {
            Directory.Delete(_ownedFolder, recursive: true);
        }
    }

    private static void Bind(ProcessStartInfo start, ServiceBinding binding, Uri address)
    {
        // The test process may itself have been given an address; it is not the service's.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment.Remove("ASPNETCORE_HTTP_PORTS");
        switch (binding)
        {
            case ServiceBinding.Urls: start.Environment["ASPNETCORE_URLS"] = address.ToString(); break;
            case ServiceBinding.HttpPorts: start.Environment["ASPNETCORE_HTTP_PORTS"] = $"{address.Port}"; break;
            case ServiceBinding.CommandLine: start.ArgumentList.Add($"--urls={address}"); break;
        }
    }

    private async Task WaitUntilReadyAsync(TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited || clock.Elapsed > timeout)
            {
                var reason = _process.HasExited ? $"ended with exit code {_process.ExitCode}" : $"was not ready after {timeout}";
                await DisposeAsync();
                throw new InvalidOperationException($"The service {reason}. It wrote:\n{Log}");
            }

            await Task.Delay(50);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Operator.Http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        while (_log.Count > LinesKept && _log.TryDequeue(out _))
        {
        }
    }
}
