namespace HostService.Load;

/// <summary>Finds the repository that this program was built in.</summary>
internal static class Repository
{
    public static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "HostService.sln")))
                return directory.FullName;
        throw new InvalidOperationException("HostService.sln was not found above the program; run it from the repository");
    }
}
