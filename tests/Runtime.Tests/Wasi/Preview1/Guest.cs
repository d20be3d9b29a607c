using System.Text;
using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>A guest whose WASI calls a test makes one by one.</summary>
internal sealed class Guest : IDisposable
{
    /// <summary>The first descriptor that an embedder preopened.</summary>
    public const uint Root = 3;

    /// <summary>Where functions leave what they give.</summary>
    public const uint Result = 8;

    /// <summary>All rights there are.</summary>
    public const ulong AllRights = (ulong)(Rights.Directory | Rights.File);

    private const uint Iovec = 64;
    private const uint Scratch = 0x10000;
    private const int ScratchBytes = 0x40000;

    private static readonly Engine s_engine = new(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions });
    private static readonly Module s_module = Module.Compile(s_engine, ForwardingModule.Build());

    private readonly Instance _instance;
    private uint _free = Scratch;

    public Guest(WasiOptions? options = null)
    {
        Context = new WasiContext(options ?? new WasiOptions { Preopens = [WasiPreopen.Virtual("/")] });
        Store = new Store(s_engine);
        Store.SetExtension(Context);
        _instance = new Linker(s_engine).Instantiate(Store, s_module);
        Memory = _instance.GetMemory("memory")!;
    }

    public static Engine Engine => s_engine;

    public WasiContext Context { get; }

    public Store Store { get; }

    public Memory Memory { get; }

    public Instance Instance => _instance;

    public void Dispose()
    {
        Store.Dispose();
        Context.Dispose();
    }

    /// <summary>Has the guest call a function; integers of both widths are passed as they are declared.</summary>
    public Errno Call(string name, params ReadOnlySpan<ulong> arguments)
    {
        var function = _instance.GetFunction(name)!;
        var types = function.Type.Parameters;
        var values = new Value[types.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = types[i] == ValueType.I32 ? Value.FromI32((int)arguments[i]) : Value.FromI64((long)arguments[i]);
        }

        var results = function.Call(values);
        return results.Length == 0 ? Errno.Success : (Errno)results[0].I32;
    }

    /// <summary>What the last function left in <see cref="Result"/>.</summary>
    public uint GivenU32() => BitConverter.ToUInt32(Memory.Slice(Result, 4));

    public ulong GivenU64(uint offset = 0) => BitConverter.ToUInt64(Memory.Slice(Result + offset, 8));

    /// <summary>Puts bytes into guest memory. They stay for a while.</summary>
    public uint Put(ReadOnlySpan<byte> bytes)
    {
        var address = Reserve(bytes.Length);
        bytes.CopyTo(Memory.Slice(address, bytes.Length));
        return address;
    }

    public uint Reserve(int bytes)
    {
        _free = _free + bytes > Scratch + ScratchBytes ? Scratch : _free;
        var address = _free;
        _free += (uint)bytes;
        return address;
    }

    /// <summary>Calls a function of one path.</summary>
    public Errno Path(string function, uint directory, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return Call(function, directory, Put(bytes), (ulong)bytes.Length);
    }

    /// <summary>Calls <c>path_link</c> or <c>path_rename</c>.</summary>
    public Errno Move(string function, string path, string newPath, uint directory = Root, uint newDirectory = Root)
    {
        var (from, to) = (Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(newPath));
        return function == "path_link"
            ? Call(function, directory, 0, Put(from), (ulong)from.Length, newDirectory, Put(to), (ulong)to.Length)
            : Call(function, directory, Put(from), (ulong)from.Length, newDirectory, Put(to), (ulong)to.Length);
    }

    public Errno Symlink(string target, string path)
    {
        var (to, at) = (Encoding.UTF8.GetBytes(target), Encoding.UTF8.GetBytes(path));
        return Call("path_symlink", Put(to), (ulong)to.Length, Root, Put(at), (ulong)at.Length);
    }

    public Errno Open(
        string path, out uint descriptor, OFlags how = OFlags.None, bool follow = true, uint directory = Root, ulong rights = AllRights & ~(ulong)Rights.FdWrite,
        FdFlags flags = FdFlags.None)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var error = Call("path_open", directory, follow ? 1u : 0u, Put(bytes), (ulong)bytes.Length, (ulong)how, rights, AllRights, (ulong)flags, Result);
        descriptor = error == Errno.Success ? GivenU32() : uint.MaxValue;
        return error;
    }

    /// <summary>Opens a file for reading and writing, making it if need be.</summary>
    public uint Create(string path, FdFlags flags = FdFlags.None)
    {
        Xunit.Assert.Equal(Errno.Success, Open(path, out var descriptor, OFlags.Creat, rights: AllRights, flags: flags));
        return descriptor;
    }

    /// <summary>Makes a file of these contents.</summary>
    public void CreateFile(string path, string contents)
    {
        var descriptor = Create(path);
        Xunit.Assert.Equal(Errno.Success, Write(descriptor, Encoding.UTF8.GetBytes(contents), out _));
        Close(descriptor);
    }

    public void Close(uint descriptor) => Xunit.Assert.Equal(Errno.Success, Call("fd_close", descriptor));

    public Errno Write(uint descriptor, ReadOnlySpan<byte> bytes, out uint count, ulong? position = null)
    {
        Buffer(Put(bytes), bytes.Length);
        var error = position is { } at ? Call("fd_pwrite", descriptor, Iovec, 1, at, Result) : Call("fd_write", descriptor, Iovec, 1, Result);
        count = error == Errno.Success ? GivenU32() : 0;
        return error;
    }

    public Errno Read(uint descriptor, int length, out byte[] bytes, ulong? position = null)
    {
        var address = Reserve(length);
        Buffer(address, length);
        var error = position is { } at ? Call("fd_pread", descriptor, Iovec, 1, at, Result) : Call("fd_read", descriptor, Iovec, 1, Result);
        bytes = error == Errno.Success ? Memory.Slice(address, (int)GivenU32()).ToArray() : [];
        return error;
    }

    /// <summary>The contents of a file, or the error number.</summary>
    public string ReadAll(string path, uint directory = Root)
    {
        if (Open(path, out var descriptor, directory: directory) is not Errno.Success and var error)
        {
            return $"({error})";
        }

        Xunit.Assert.Equal(Errno.Success, Read(descriptor, 4096, out var bytes));
        Close(descriptor);
        return Encoding.UTF8.GetString(bytes);
    }

    public Errno Stat(string path, out ulong size, out ulong links, bool follow = true, uint directory = Root)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var error = Call("path_filestat_get", directory, follow ? 1u : 0u, Put(bytes), (ulong)bytes.Length, Result);
        (size, links) = error == Errno.Success ? (GivenU64(32), GivenU64(24)) : (0, 0);
        return error;
    }

    /// <summary>Lists a directory from a cookie on.</summary>
    public List<(string Name, ulong Next)> List(uint directory, ulong cookie = 0, int bufferBytes = 4096)
    {
        var address = Reserve(bufferBytes);
        Xunit.Assert.Equal(Errno.Success, Call("fd_readdir", directory, address, (ulong)bufferBytes, cookie, Result));
        var buffer = Memory.Slice(address, (int)GivenU32());
        var entries = new List<(string, ulong)>();
        while (buffer.Length >= 24 && buffer.Length >= 24 + BitConverter.ToInt32(buffer[16..]))
        {
            var length = BitConverter.ToInt32(buffer[16..]);
            entries.Add((Encoding.UTF8.GetString(buffer.Slice(24, length)), BitConverter.ToUInt64(buffer)));
            buffer = buffer[(24 + length)..];
        }

        return entries;
    }

    private void Buffer(uint address, int length)
    {
        BitConverter.TryWriteBytes(Memory.Slice(Iovec, 4), address);
        BitConverter.TryWriteBytes(Memory.Slice(Iovec + 4, 4), length);
    }
}
