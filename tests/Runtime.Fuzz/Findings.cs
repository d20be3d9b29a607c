using System.Security.Cryptography;
using HostService.Support;

namespace HostService.Runtime.Fuzz;

/// <summary>Keeps the modules in which a difference was found, under <c>cases/</c>; the tests run each of them again.</summary>
internal static class Findings
{
    /// <summary>The valid modules that once ran differently.</summary>
    public static string ExecutionFolder { get; } = Repository.PathOf("tests", "Runtime.Fuzz", "cases", "execution");

    /// <summary>The valid modules with exceptions in their first form that once ran differently.</summary>
    public static string LegacyFolder { get; } = Repository.PathOf("tests", "Runtime.Fuzz", "cases", "legacy");

    /// <summary>The bytes that were once judged differently.</summary>
    public static string ValidationFolder { get; } = Repository.PathOf("tests", "Runtime.Fuzz", "cases");

    private static string CurrentFolder { get; } = Repository.PathOf("artifacts", "fuzz");

    /// <summary>Keeps a module under its digest. Whoever has understood the finding gives the file a name.</summary>
    public static string Save(string folder, byte[] binary)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(binary))[..12]}.wasm");
        File.WriteAllBytes(file, binary);
        return file;
    }

    /// <summary>Notes the module that is being looked at, for when it takes the process with it: <c>current-execution.wasm</c> or <c>current-cases.wasm</c>.</summary>
    public static void NoteCurrent(string folder, byte[] binary)
    {
        Directory.CreateDirectory(CurrentFolder);
        File.WriteAllBytes(Path.Combine(CurrentFolder, $"current-{Path.GetFileName(folder)}.wasm"), binary);
    }
}
