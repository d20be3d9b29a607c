namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>The flags of an open descriptor (<c>fdflags</c>).</summary>
[Flags]
internal enum FdFlags : ushort
{
    None = 0,
    Append = 1,
    DSync = 2,
    NonBlock = 4,
    RSync = 8,
    Sync = 16,
    All = Append | DSync | NonBlock | RSync | Sync,
}

/// <summary>How <c>path_open</c> opens (<c>oflags</c>).</summary>
[Flags]
internal enum OFlags : ushort
{
    None = 0,
    Creat = 1,
    Directory = 2,
    Excl = 4,
    Trunc = 8,
    All = Creat | Directory | Excl | Trunc,
}

/// <summary>Which timestamps to set, and to what (<c>fstflags</c>).</summary>
[Flags]
internal enum FstFlags : ushort
{
    None = 0,
    Atim = 1,
    AtimNow = 2,
    Mtim = 4,
    MtimNow = 8,
    All = Atim | AtimNow | Mtim | MtimNow,
}

/// <summary>How paths are looked up (<c>lookupflags</c>).</summary>
[Flags]
internal enum LookupFlags : uint
{
    None = 0,
    SymlinkFollow = 1,
}

/// <summary>What <c>fd_seek</c> counts from.</summary>
internal enum Whence : byte
{
    Set = 0,
    Cur = 1,
    End = 2,
}

/// <summary>The clocks that guests can read.</summary>
internal enum ClockId : uint
{
    Realtime = 0,
    Monotonic = 1,
    ProcessCpuTime = 2,
    ThreadCpuTime = 3,
}

/// <summary>What <c>poll_oneoff</c> waits for.</summary>
internal enum EventType : byte
{
    Clock = 0,
    FdRead = 1,
    FdWrite = 2,
}
