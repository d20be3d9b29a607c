using Microsoft.Extensions.Options;

namespace HostService.Host.Features;

/// <summary>The data directory, which exists and which only the service's user can enter.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public DataDirectory(IOptions<HostServiceOptions> options, IHostEnvironment environment)
    {
        Path = System.IO.Path.GetFullPath(options.Value.DataDirectory, environment.ContentRootPath);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
            }
            else if (!Directory.Exists(Path))
            {
                // One that exists, a mounted volume for instance, keeps the mode that somebody gave it.
                Directory.CreateDirectory(Path, OwnerOnly);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Settings.Wrong($"HostService__DataDirectory is {Path}, which can't be made: {failure.Message}");
        }
    }

    public string Path { get; }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);
}
