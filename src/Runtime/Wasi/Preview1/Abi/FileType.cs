namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>The type of what a descriptor or a directory entry stands for.</summary>
internal enum FileType : byte
{
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketDgram = 5,
    SocketStream = 6,
    SymbolicLink = 7,
}
