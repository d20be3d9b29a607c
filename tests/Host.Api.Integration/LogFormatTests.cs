using System.Text.Json;
using HostService.Support;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What the service writes on standard output.</summary>
public class LogFormatTests
{
    [Fact]
    public async Task Json_IsOneObjectPerLineWithTheScopeOfItsRequest()
    {
        await using var service = await ServiceProcess.StartAsync(new ServiceOptions { Environment = new Dictionary<string, string> { ["HostService__LogFormat"] = "json" } });
        await service.Operator.UploadAsync("chatty", Wat.Binary(Wat.Print("Content-Type: text/plain\n\n", standardError: "a line of the guest")));
        using var response = await service.Operator.Http.GetAsync("/f/default/chatty");

        var line = await WaitForLineAsync(service, "a line of the guest");
        // Each line by itself, the first ones included.
        Assert.All(Lines(service), text => JsonDocument.Parse(text).Dispose());
        using var entry = JsonDocument.Parse(line);
        Assert.Equal("default", entry.RootElement.GetProperty("Tenant").GetString());
        Assert.Equal("chatty", entry.RootElement.GetProperty("Module").GetString());
        Assert.Equal("/f/default/chatty", entry.RootElement.GetProperty("RequestPath").GetString());
        Assert.NotEmpty(entry.RootElement.GetProperty("@tr").GetString()!);
    }

    private static string[] Lines(ServiceProcess service) => service.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> WaitForLineAsync(ServiceProcess service, string wanted)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (Lines(service).FirstOrDefault(line => line.Contains(wanted, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"Not logged. What was:\n{service.Log}");
    }
}
