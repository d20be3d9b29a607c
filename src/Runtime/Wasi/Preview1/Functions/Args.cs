using System.Buffers.Binary;
using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>args_*</c> and <c>environ_*</c>: lists of texts, each ended by NUL, and an array that points to them.</summary>
internal static class Args
{
    private const int PointerBytes = 4;

    public static Errno Get(GuestCall call, uint list, uint text)
    {
        var texts = call.Context.Options.Arguments;
        return Store(call.Memory, list, text, texts.Length, index => texts[index]);
    }

    public static Errno GetSizes(GuestCall call, uint count, uint bytes)
    {
        var texts = call.Context.Options.Arguments;
        return StoreSizes(call.Memory, count, bytes, texts.Length, index => texts[index]);
    }

    public static Errno GetEnvironment(GuestCall call, uint list, uint text)
    {
        var pairs = call.Context.Options.Environment;
        return Store(call.Memory, list, text, pairs.Length, index => Line(pairs[index]));
    }

    public static Errno GetEnvironmentSizes(GuestCall call, uint count, uint bytes)
    {
        var pairs = call.Context.Options.Environment;
        return StoreSizes(call.Memory, count, bytes, pairs.Length, index => Line(pairs[index]));
    }

    private static string Line(KeyValuePair<string, string> pair) => $"{pair.Key}={pair.Value}";

    private static Errno StoreSizes(GuestMemory memory, uint count, uint bytes, int texts, Func<int, string> get)
    {
        uint total = 0;
        for (var i = 0; i < texts; i++)
        {
            total += (uint)Encoding.UTF8.GetByteCount(get(i)) + 1;
        }

        return memory.TryWrite(count, (uint)texts) && memory.TryWrite(bytes, total) ? Errno.Success : Errno.Fault;
    }

    private static Errno Store(GuestMemory memory, uint list, uint text, int texts, Func<int, string> get)
    {
        if (!memory.TrySlice(list, (uint)(texts * PointerBytes), out var pointers))
        {
            return Errno.Fault;
        }

        for (var i = 0; i < texts; i++)
        {
            var line = get(i);
            var length = Encoding.UTF8.GetByteCount(line);
            if (!memory.TrySlice(text, (uint)length + 1, out var destination))
            {
                return Errno.Fault;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(pointers[(i * PointerBytes)..], text);
            Encoding.UTF8.GetBytes(line, destination);
            destination[length] = 0;
            text += (uint)length + 1;
        }

        return Errno.Success;
    }
}
