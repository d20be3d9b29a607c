using System.ComponentModel;
using System.Runtime.InteropServices;

namespace HostService.Host.Storage.Files;

/// <summary>Makes the names in a folder durable. A rename is on disk only when the folder is; .NET has no call for that.</summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <exception cref="IOException">The system refused.</exception>
    public static void Flush(string folder)
    {
        // NTFS journals names by itself, and macOS takes no fsync of a folder.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string folder) => new($"{folder} can't be flushed.", new Win32Exception(Marshal.GetLastPInvokeError()));

#pragma warning disable SA1300, IDE1006 // The names are the system's.
    [DllImport("libc", ExactSpelling = true, SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", ExactSpelling = true, SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int close(int descriptor);
#pragma warning restore SA1300, IDE1006
}
