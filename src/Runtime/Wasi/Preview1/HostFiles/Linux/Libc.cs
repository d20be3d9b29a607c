using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>The system calls behind directories of the host. All take a directory and a path relative to it; errors are left for <see cref="HostErrno"/>.</summary>
internal static unsafe partial class Libc
{
    public const int AtEmptyPath = 0x1000;
    public const int AtRemoveDirectory = 0x200;
    public const long UtimeOmit = (1 << 30) - 2;
    public const ulong ResolveNoMagicLinks = 0x02;
    public const ulong ResolveBeneath = 0x08;

    public const int OpenReadWrite = 0x2;
    public const int OpenWriteOnly = 0x1;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNoTerminal = 0x100;
    public const int OpenTruncate = 0x200;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenPath = 0x200000;

    private const long OpenAt2Number = 437;

    /// <summary>Fail unless it is a directory.</summary>
    public static int OpenDirectory => IsArm64 ? 0x4000 : 0x10000;

    /// <summary>Fail if the last name is a symbolic link, or with <see cref="OpenPath"/> open the link itself.</summary>
    public static int OpenNoFollow => IsArm64 ? 0x8000 : 0x20000;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static long GetDents64Number => IsArm64 ? 61 : 217;

    /// <summary>Opens a path that stays beneath a directory; −1 for an error.</summary>
    public static int OpenAt2(SafeFileHandle directory, byte* path, OpenHow* how) => (int)Syscall(OpenAt2Number, directory, path, how, (nuint)sizeof(OpenHow));

    /// <summary>Reads directory entries from where the descriptor stands; 0 at the end, −1 for an error.</summary>
    public static long GetDents64(SafeFileHandle directory, byte* buffer, nuint length) => Syscall(GetDents64Number, directory, buffer, (void*)length, 0);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int StatX(SafeFileHandle directory, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint PRead(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint PWrite(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle directory, byte* path, TimeSpec* times, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectory(SafeFileHandle directory, byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int Unlink(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int Rename(SafeFileHandle directory, byte* path, SafeFileHandle newDirectory, byte* newPath);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int Link(SafeFileHandle directory, byte* path, SafeFileHandle newDirectory, byte* newPath, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int MakeSymbolicLink(byte* target, SafeFileHandle directory, byte* path);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLink(SafeFileHandle directory, byte* path, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, SafeFileHandle file, void* second, void* third, nuint fourth);

    /// <summary>How to open (<c>struct open_how</c>).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>A time (<c>struct timespec</c> of 64-bit systems).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
