using System.Runtime.InteropServices;

namespace HostService.Support;

/// <summary>The output of <c>dotnet publish</c>, made once per test process from the build that the tests belong to.</summary>
public static class PublishedService
{
    public const string EntryAssembly = "Host.Api.dll";

    // The tests and the service are built by one command, so their configurations are the same.
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Whether the build compiles the program's assemblies ahead of time: in Release, where there is a compiler for the platform.</summary>
    public static bool HasMachineCode => Configuration == "Release" && RuntimeInformation.RuntimeIdentifier is "linux-x64" or "linux-arm64";

    private static readonly Lazy<Task<string>> s_folder = new(PublishAsync);

    /// <summary>The folder that holds <see cref="EntryAssembly"/> and what it needs.</summary>
    public static Task<string> FolderAsync() => s_folder.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hostservice-publish-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var publish = await Command.RunAsync(
            "dotnet",
            ["publish", Repository.PathOf("src", "Host.Api", "Host.Api.csproj"), "-c", Configuration, "--no-build", "-o", folder, "--nologo", "-v", "quiet"],
            TimeSpan.FromMinutes(3));
        publish.Successful();
        return folder;
    }
}
