using System.Diagnostics.CodeAnalysis;

namespace HostService.Host.Storage.Files;

/// <summary>Files that nobody but the service's own user can read or write, from their first moment, also in a data directory that others may enter.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Makes a file, to be written from its start.</summary>
    /// <exception cref="IOException">It can't be made, or is there already.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    [SuppressMessage("Interoperability", "CA1416", Justification = "Guarded; the analyzer does not follow conditional expressions in initialisers.")]
    public static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
