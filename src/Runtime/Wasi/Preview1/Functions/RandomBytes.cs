using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>random_get</c>.</summary>
internal static class RandomBytes
{
    // Some 50 µs of work: a guest that asks for all of its memory still meets its deadline.
    private const uint ChunkBytes = 64 << 10;

    public static Errno Get(GuestCall call, uint buffer, uint length)
    {
        if (!call.Memory.Contains(buffer, length))
        {
            return Errno.Fault;
        }

        while (length > 0)
        {
            var part = Math.Min(length, ChunkBytes);
            if (!call.Memory.TrySlice(buffer, part, out var bytes))
            {
                return Errno.Fault;
            }

            call.Context.Options.Random(bytes);
            (buffer, length) = (buffer + part, length - part);
            if (length > 0)
            {
                call.CheckInterrupts();
            }
        }

        return Errno.Success;
    }
}
