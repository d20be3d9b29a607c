using System.Runtime.InteropServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>The C library's memory calls, plain and blittable: no marshalling, no SetLastError. Results that nobody could act on are dropped.</summary>
/// <remarks>No SuppressGCTransition: a call that waits for the kernel's map lock would hold up a collection of the whole process, and it gained nothing.</remarks>
internal static unsafe partial class Libc
{
    public const int ProtNone = 0;
    public const int ProtRead = 1;
    public const int ProtReadWrite = 3;
    public const int ProtReadExecute = 5;
    public const int MapShared = 0x01;
    public const int MapPrivate = 0x02;
    public const int MapFixed = 0x10;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const int MadvDontNeed = 4;
    public const uint MfdCloseOnExec = 1;
    public const uint MfdAllowSealing = 2;
    public const int FAddSeals = 1033;
    public const int AllSeals = 0xF;    // no more seals, no shrinking, no growing, no writing
    public const int OpenReadCloseOnExec = 0x80000;

    /// <summary>The result of <c>mmap</c> when it fails.</summary>
    public static void* MapFailed => (void*)-1;

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial void* Map(void* address, nuint length, int protection, int flags, int fileDescriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial void Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "memfd_create")]
    public static partial int MemfdCreate(byte* name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    public static partial int Truncate(int fileDescriptor, nint length);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    public static partial int Control(int fileDescriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static partial int DeviceControl(int fileDescriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "pread")]
    public static partial nint ReadAt(int fileDescriptor, void* buffer, nuint length, nint offset);

    [LibraryImport("libc", EntryPoint = "open")]
    public static partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int fileDescriptor);

    /// <summary>The calling thread's thread pointer, the first word of its control block on x64.</summary>
    [LibraryImport("libc", EntryPoint = "pthread_self")]
    public static partial nuint ThreadPointer();

    /// <summary>Maps private zero pages over a range of ours, dropping what was there, its page tables too.</summary>
    public static bool TryMapFresh(byte* start, ulong lengthBytes, int protection) =>
        Map(start, checked((nuint)lengthBytes), protection, MapPrivate | MapAnonymous | MapNoReserve | MapFixed, -1, 0) == start;

    /// <summary>Reserves address space that holds nothing and may not be touched.</summary>
    public static bool TryReserve(ulong lengthBytes, out byte* start)
    {
        start = (byte*)Map(null, checked((nuint)lengthBytes), ProtNone, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if (start != MapFailed)
            return true;
        start = null;
        return false;
    }

    /// <summary>What to throw when the call just made was refused.</summary>
    public static ResourceLimitException Refused(string what) =>
        new($"The system refused to {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}.");
}
