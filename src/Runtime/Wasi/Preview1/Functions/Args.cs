using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>args_*</c> and <c>environ_*</c>: lists of texts, each ended by NUL, and an array that points to them.</summary>
internal static class Args
{
    private const int PointerBytes = 4;

    public static Errno Get(GuestCall call, uint list, uint text) => Store(call.Memory, list, text, call.Context.Options.Arguments, LengthOf, Write);

    public static Errno GetSizes(GuestCall call, uint count, uint bytes) => StoreSizes(call.Memory, count, bytes, call.Context.Options.Arguments, LengthOf);

    public static Errno GetEnvironment(GuestCall call, uint list, uint text) => Store(call.Memory, list, text, call.Context.Options.Environment, LengthOf, Write);

    public static Errno GetEnvironmentSizes(GuestCall call, uint count, uint bytes) => StoreSizes(call.Memory, count, bytes, call.Context.Options.Environment, LengthOf);

    private static int LengthOf(string text) => Encoding.UTF8.GetByteCount(text);

    private static int LengthOf(KeyValuePair<string, string> pair) => LengthOf(pair.Key) + 1 + LengthOf(pair.Value);

    private static int Write(string text, Span<byte> destination) => Encoding.UTF8.GetBytes(text, destination);

    private static int Write(KeyValuePair<string, string> pair, Span<byte> destination)
    {
        var name = Write(pair.Key, destination);
        destination[name] = (byte)'=';
        return name + 1 + Write(pair.Value, destination[(name + 1)..]);
    }

    private static Errno StoreSizes<T>(GuestMemory memory, uint count, uint bytes, ImmutableArray<T> texts, Func<T, int> lengthOf)
    {
        uint total = 0;
        foreach (var text in texts)
        {
            total += (uint)lengthOf(text) + 1;
        }

        return memory.TryWrite(count, (uint)texts.Length) && memory.TryWrite(bytes, total) ? Errno.Success : Errno.Fault;
    }

    private static Errno Store<T>(GuestMemory memory, uint list, uint text, ImmutableArray<T> texts, Func<T, int> lengthOf, Writer<T> write)
    {
        if (!memory.TrySlice(list, (uint)(texts.Length * PointerBytes), out var pointers))
        {
            return Errno.Fault;
        }

        for (var i = 0; i < texts.Length; i++)
        {
            var length = lengthOf(texts[i]);
            if (!memory.TrySlice(text, (uint)length + 1, out var destination))
            {
                return Errno.Fault;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(pointers[(i * PointerBytes)..], text);
            destination[write(texts[i], destination)] = 0;
            text += (uint)length + 1;
        }

        return Errno.Success;
    }

    private delegate int Writer<T>(T text, Span<byte> destination);
}
