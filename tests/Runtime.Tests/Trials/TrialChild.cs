namespace HostService.Runtime.Tests.Trials;

/// <summary>Child processes for trials that say what reached them, or do what they should not.</summary>
internal static class TrialChild
{
    public const string Name = "trial";
    public const string Tells = "tells";
    public const string Hangs = "hangs";
    public const string Dies = "dies";

    public static int Run(string kind, string file)
    {
        switch (kind)
        {
            case Tells:
                File.WriteAllLines(file, [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}"), .. OpenFiles()]);
                return CompilationTrial.RunChild();
            case Hangs:
                File.WriteAllText(file, $"{Environment.ProcessId}");
                new ManualResetEvent(initialState: false).WaitOne();
                return 0;
            case Dies:
                Environment.FailFast("This is the end.");
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>The settings that make this program the child.</summary>
    public static CompilationTrialOptions Options(string kind, string file) => new()
    {
        Command = [Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet", "exec", typeof(TrialChild).Assembly.Location, Name, kind, file],
    };

    private static IEnumerable<string> OpenFiles() =>
        OperatingSystem.IsLinux() ? Directory.EnumerateFiles("/proc/self/fd").Select(link => $"open {new FileInfo(link).LinkTarget}") : [];
}
