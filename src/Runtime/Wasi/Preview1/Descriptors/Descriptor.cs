using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>What a file descriptor stands for: something open, with rights and flags.</summary>
/// <remarks>Operations answer with an error number and never throw for what a guest did.</remarks>
internal abstract class Descriptor(FileType type, Rights rights, Rights inheriting, FdFlags flags)
{
    /// <summary>What it is open on.</summary>
    public FileType Type { get; } = type;

    /// <summary>What it may be used for. A guest can take rights away, never add them.</summary>
    public Rights Rights { get; set; } = rights;

    /// <summary>The rights that what is opened through it can have at most.</summary>
    public Rights Inheriting { get; set; } = inheriting;

    /// <summary>Its flags.</summary>
    public FdFlags Flags { get; set; } = flags;

    /// <summary>The guest's name for it in UTF-8, when the embedder opened it; else null.</summary>
    public byte[]? PreopenName { get; init; }

    /// <summary>Whether every right asked for is there.</summary>
    public bool Allows(Rights rights) => (Rights & rights) == rights;

    /// <summary>The attributes of what it is open on.</summary>
    public abstract Errno GetStat(out FileStat stat);

    /// <summary>Sets timestamps, in nanoseconds since 1970; null leaves one as it is.</summary>
    public virtual Errno SetTimes(ulong? accessed, ulong? modified) => Errno.Inval;

    /// <summary>Makes sure that what was written reached where it goes.</summary>
    public virtual Errno Sync() => Errno.Success;

    /// <summary>Releases what it holds. Called once, when its number is given up.</summary>
    public virtual void Close()
    {
    }
}
