using System.Net;
using System.Net.Sockets;
using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>Where the service listens: on port 8080 when nobody says otherwise, else where it is told, in each of the ways that ASP.NET Core knows.</summary>
public class ListenAddressTests
{
    [Theory]
    [InlineData(ServiceBinding.Urls)]
    [InlineData(ServiceBinding.HttpPorts)]
    [InlineData(ServiceBinding.CommandLine)]
    public async Task Service_ToldAnAddress_ListensThere(ServiceBinding binding)
    {
        // Starting waits until the address answers.
        await using var service = await ServiceProcess.StartAsync(new ServiceOptions { Binding = binding });

        Assert.False(service.HasExited);
    }

    [Fact]
    public async Task Service_ToldNothing_ListensOnPort8080()
    {
        if (!PortIsFree(8080))
        {
            // Somebody else has the port. Then the service must end and say so, which also tells that it wanted this one.
            var folder = await PublishedService.FolderAsync();
            var data = Directory.CreateTempSubdirectory("hostservice-data-");
            var refused = await Command.RunAsync("dotnet", [Path.Combine(folder, PublishedService.EntryAssembly)], TimeSpan.FromSeconds(60), folder,
                new Dictionary<string, string> { ["HostService__DataDirectory"] = data.FullName });
            data.Delete(recursive: true);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("8080", refused.Output + refused.Error, StringComparison.Ordinal);
            return;
        }

        await using var service = await ServiceProcess.StartAsync(new ServiceOptions { Binding = ServiceBinding.None });

        Assert.Equal("Hello, world!\n", await service.Operator.Http.GetStringAsync("http://localhost:8080/f/default/hello/world"));
    }

    private static bool PortIsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
