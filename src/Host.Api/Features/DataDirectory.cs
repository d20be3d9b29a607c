using Microsoft.Extensions.Options;

namespace HostService.Host.Features;

/// <summary>The data directory, which exists, which only the service's user can enter, and which no other process of the service uses.</summary>
/// <remarks>
/// A start deletes what uploads left that a crash interrupted, and could not tell those from uploads of a process that runs. The lock is the system's, so it goes with the process, however that ends;
/// what the file holds means nothing.
/// </remarks>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>The file that a running service has locked.</summary>
    public const string LockName = "lock";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // A service that is started again may find the one before it in its last moments.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private FileStream? _lock;

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

        Exception? failed = null;
        SpinWait.SpinUntil(() => TryLock(out _lock, out failed), s_patience);
        if (_lock is null)
        {
            throw Settings.Wrong($"HostService__DataDirectory is {Path}, which can't be locked; each running service needs a data directory of its own. {failed?.Message}");
        }
    }

    public string Path { get; }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _lock?.Dispose();

    private bool TryLock(out FileStream? held, out Exception? failed)
    {
        (held, failed) = (null, null);
        try
        {
            held = new FileStream(Combine(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            failed = failure;
        }

        return held is not null;
    }
}
