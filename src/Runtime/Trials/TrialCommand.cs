using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HostService.Runtime.Trials;

/// <summary>How the child process is started.</summary>
internal static class TrialCommand
{
    // Where .NET and the system's libraries are, and which instructions the compiler may use: it should make the same code here and there.
    private static readonly string[] s_passedOn = ["DOTNET_ROOT", "LD_LIBRARY_PATH", "SystemRoot"];
    private const string PassedOnPrefix = "DOTNET_Enable";

    /// <summary>What to start.</summary>
    /// <param name="options">May name a program.</param>
    /// <exception cref="InvalidOperationException">It names none, and this library is no file that <c>dotnet</c> could start.</exception>
    public static ProcessStartInfo For(CompilationTrialOptions options)
    {
        string[] command = options.Command.IsDefaultOrEmpty ? [Dotnet(), "exec", Library()] : [.. options.Command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };

        // The host's environment may hold keys. What is opened by .NET is closed when another program starts.
        var inherited = start.Environment.Where(IsPassedOn).ToList();
        start.Environment.Clear();
        inherited.ForEach(start.Environment.Add);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableEventPipe"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        return start;
    }

    private static bool IsPassedOn(KeyValuePair<string, string?> variable) =>
        s_passedOn.Contains(variable.Key, StringComparer.Ordinal) || variable.Key.StartsWith(PassedOnPrefix, StringComparison.Ordinal);

    private static string Library()
    {
        var file = typeof(TrialCommand).Assembly.Location;
        return file.Length > 0 && File.Exists(Path.ChangeExtension(file, ".runtimeconfig.json"))
            ? file
            : throw new InvalidOperationException(
                $"A trial compilation needs HostService.Runtime.dll and HostService.Runtime.runtimeconfig.json as files, or {nameof(CompilationTrialOptions)}.{nameof(CompilationTrialOptions.Command)}.");
    }

    // The one that runs this process: it may be the process itself, or stand three folders above the class library.
    private static string Dotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name)
        {
            return Environment.ProcessPath!;
        }

        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var beside = Path.Combine(root, name);
        return File.Exists(beside)
            ? beside
            : throw new InvalidOperationException($"A trial compilation needs {beside}, or {nameof(CompilationTrialOptions)}.{nameof(CompilationTrialOptions.Command)}.");
    }
}
