using Xunit;

namespace HostService.Host.Integration;

/// <summary>A disk that refuses: what can't be stored is refused as that, and everything else goes on.</summary>
public class DiskTests
{
    [Fact]
    public async Task Upload_ThatCannotBeWritten_Answers503AndCallsGoOn()
    {
        await using var host = new RunningHost();
        await host.InitializeAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        // A file in the folder's place is refused by every system, whoever asks.
        var incoming = Path.Combine(host.DataDirectory, "incoming");
        Directory.Delete(incoming);
        await File.WriteAllTextAsync(incoming, "");
        using var refused = await tenant.PutAsync("other", Wat.Binary(Wat.Spin));

        await refused.ProblemAsync(503, "storage-unavailable");
        Assert.Equal("[3]", (await tenant.InvokeAsync("m", "add", """{"args":[1,2]}""")).Body.Results());

        File.Delete(incoming);
        Directory.CreateDirectory(incoming);
        await tenant.UploadAsync("other", Wat.Spin);
    }
}
