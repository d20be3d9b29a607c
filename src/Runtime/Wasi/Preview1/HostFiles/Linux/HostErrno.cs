using System.Runtime.InteropServices;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>Linux's error numbers as the guest's.</summary>
internal static class HostErrno
{
    private const int NoSystemCall = 38;

    /// <summary>Whether the last call isn't known to the kernel, or is forbidden by a filter around the process.</summary>
    public static bool LastIsNoSystemCall => Marshal.GetLastPInvokeError() == NoSystemCall;

    /// <summary>Success, or why the last call failed.</summary>
    /// <param name="result">What it gave; negative for failure.</param>
    public static Errno Of(long result) => result >= 0 ? Errno.Success : Last;

    private static Errno Last => Marshal.GetLastPInvokeError() switch
    {
        1 => Errno.Perm,
        2 => Errno.NoEnt,
        6 => Errno.NxIO,
        9 => Errno.BadF,
        11 => Errno.Again,
        12 => Errno.NoMem,
        13 => Errno.Access,
        16 => Errno.Busy,
        17 => Errno.Exist,
        18 => Errno.XDev,
        19 => Errno.NoDev,
        20 => Errno.NotDir,
        21 => Errno.IsDir,
        22 => Errno.Inval,
        23 => Errno.NFile,
        24 => Errno.MFile,
        26 => Errno.TxtBsy,
        27 => Errno.FBig,
        28 or 122 => Errno.NoSpc,
        29 => Errno.SPipe,
        30 => Errno.RoFs,
        31 => Errno.MLink,
        32 => Errno.Pipe,
        36 => Errno.NameTooLong,
        39 => Errno.NotEmpty,
        40 => Errno.Loop,
        75 => Errno.Overflow,
        84 => Errno.IlSeq,
        95 => Errno.NotSup,
        _ => Errno.IO,
    };
}
