namespace HostService.Support;

/// <summary>Where the repository is whose tests run.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>HostService.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HostService.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No HostService.sln above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
