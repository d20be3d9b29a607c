using System.Collections.Concurrent;

namespace HostService.Support;

/// <summary>WebAssembly's text format, made into binaries by Wasmtime, so that tests can show their modules.</summary>
public static class Wat
{
    private static readonly ConcurrentDictionary<string, byte[]> s_converted = new();

    /// <summary>The binary of a module in the text format. The same text gives the same array, which must not be changed.</summary>
    /// <exception cref="Wasmtime.WasmtimeException">The text is no module; the message points to the place.</exception>
    public static byte[] ToBinary(string text) => s_converted.GetOrAdd(text, Wasmtime.Module.ConvertText);
}
