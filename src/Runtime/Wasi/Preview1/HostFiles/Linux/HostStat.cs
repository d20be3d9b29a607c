using System.Buffers.Binary;
using HostService.Runtime.Wasi.Preview1.Abi;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>Reads and sets the attributes of files of the host.</summary>
internal static unsafe class HostStat
{
    // struct statx, which is the same on all architectures.
    private const int StatXBytes = 256;
    private const uint BasicStats = 0x7FF;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The attributes of what is open.</summary>
    public static Errno Of(SafeFileHandle file, out FileStat stat)
    {
        byte empty = 0;
        var raw = stackalloc byte[StatXBytes];
        if (HostErrno.Of(Libc.StatX(file, &empty, Libc.AtEmptyPath, BasicStats, raw)) is not Errno.Success and var error)
        {
            stat = default;
            return error;
        }

        var fields = new ReadOnlySpan<byte>(raw, StatXBytes);
        stat = new FileStat(
            ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(fields[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(fields[140..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[32..]),
            TypeOf(BinaryPrimitives.ReadUInt16LittleEndian(fields[28..])),
            BinaryPrimitives.ReadUInt32LittleEndian(fields[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[40..]),
            Time(fields[64..]),
            Time(fields[112..]),
            Time(fields[96..]));
        return Errno.Success;
    }

    /// <summary>Sets times of what is open, if only as a path.</summary>
    public static Errno SetTimes(SafeFileHandle file, ulong? accessed, ulong? modified)
    {
        byte empty = 0;
        var times = stackalloc Libc.TimeSpec[2] { TimeOf(accessed), TimeOf(modified) };
        return HostErrno.Of(Libc.SetTimes(file, &empty, times, Libc.AtEmptyPath));
    }

    // The type bits of st_mode.
    private static FileType TypeOf(ushort mode) => (mode & 0xF000) switch
    {
        0x2000 => FileType.CharacterDevice,
        0x4000 => FileType.Directory,
        0x6000 => FileType.BlockDevice,
        0x8000 => FileType.RegularFile,
        0xA000 => FileType.SymbolicLink,
        0xC000 => FileType.SocketStream,
        _ => FileType.Unknown,
    };

    private static ulong Time(ReadOnlySpan<byte> source)
    {
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(source);
        return seconds < 0 ? 0 : (ulong)seconds * NanosecondsPerSecond + BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
    }

    private static Libc.TimeSpec TimeOf(ulong? time) => time is { } set
        ? new Libc.TimeSpec { Seconds = (long)(set / NanosecondsPerSecond), Nanoseconds = (long)(set % NanosecondsPerSecond) }
        : new Libc.TimeSpec { Nanoseconds = Libc.UtimeOmit };
}
