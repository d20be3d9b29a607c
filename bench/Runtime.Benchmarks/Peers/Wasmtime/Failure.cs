using System.Text;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

/// <summary>Turns errors and traps of the C API into exceptions, and frees them.</summary>
internal static unsafe class Failure
{
    public static void ThrowIfAny(nint error, nint trap = 0)
    {
        if (error != 0 || trap != 0)
            throw new PeerException($"Wasmtime: {Take(error, trap)}");
    }

    private static string Take(nint error, nint trap)
    {
        ByteVector message;
        if (error != 0)
        {
            Native.wasmtime_error_message(error, &message);
            Native.wasmtime_error_delete(error);
        }
        else
        {
            Native.wasm_trap_message(trap, &message);
            Native.wasm_trap_delete(trap);
        }

        var text = Encoding.UTF8.GetString(message.Data, (int)message.Length).TrimEnd('\0');
        Native.wasm_byte_vec_delete(&message);
        return text;
    }
}
