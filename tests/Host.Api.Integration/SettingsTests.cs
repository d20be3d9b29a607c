using HostService.Support;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>A service that is set wrongly ends at once and says, in a line for each setting, what is wrong.</summary>
public class SettingsTests
{
    [Theory]
    [InlineData("HostService__LogFormat", "xml", "HostService__LogFormat is \"xml\"; it must be text or json.")]
    [InlineData("HostService__Engine__Compilation", "Fast", "HostService__Engine__Compilation is \"Fast\"; it must be one of ")]
    [InlineData("HostService__Limits__MaxMemoryPages", "0", "HostService__Limits__MaxMemoryPages is 0; it must be a whole number from 1 to 65536.")]
    [InlineData("HostService__Limits__CpuMiliseconds", "5", "HostService__Limits__CpuMiliseconds is no setting; the nearest one is HostService__Limits__CpuMilliseconds.")]
    [InlineData("HostService__DataDirectory", "/dev/null/data", "HostService__DataDirectory is /dev/null/data, which can't be made: ")]
    public async Task Setting_ThatIsNone_StopsTheStartWithAMessage(string name, string value, string message)
    {
        var folder = await PublishedService.FolderAsync();
        using var data = new TemporaryFolder();
        var ended = await Command.RunAsync(
            "dotnet", [Path.Combine(folder, PublishedService.EntryAssembly)], TimeSpan.FromMinutes(2), folder,
            new Dictionary<string, string> { ["HostService__DataDirectory"] = data.Path, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", [name] = value });

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("The service does not start: " + message, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error + ended.Output, StringComparison.Ordinal);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("hostservice-settings-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
