using System.Runtime.InteropServices;
using System.Text;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

internal sealed unsafe class WasmtimeCommand(nint engine, nint module, nint instancePre) : IPeerCommand
{
    private const int Read = 1;
    private readonly string _output = Path.GetTempFileName();

    public string Run(IReadOnlyList<string> arguments, string folder)
    {
        var store = Native.wasmtime_store_new(engine, 0, 0);
        try
        {
            var context = Native.wasmtime_store_context(store);
            Native.wasmtime_context_set_epoch_deadline(context, WasmtimeModule.FarDeadline);
            Failure.ThrowIfAny(Native.wasmtime_context_set_wasi(context, NewWasi(arguments, folder)));
            Handle instance;
            nint trap = 0;
            var error = Native.wasmtime_instance_pre_instantiate(instancePre, context, &instance, &trap);
            Failure.ThrowIfAny(error, trap);
            Start(context, instance);
        }
        finally
        {
            Native.wasmtime_store_delete(store);
        }

        return File.ReadAllText(_output);
    }

    public void Dispose()
    {
        Native.wasmtime_instance_pre_delete(instancePre);
        Native.wasmtime_module_delete(module);
        File.Delete(_output);
    }

    private static void Start(nint context, Handle instance)
    {
        Extern item;
        fixed (byte* name = "_start"u8)
            if (Native.wasmtime_instance_export_get(context, &instance, name, 6, &item) == 0 || item.Kind != Extern.FunctionKind)
                throw new PeerException("the module exports no function \"_start\"");
        RawValue none;
        nint trap = 0;
        var error = Native.wasmtime_func_call_unchecked(context, &item.Function, &none, 0, &trap);
        int status;
        if (error == 0 || Native.wasmtime_error_exit_status(error, &status) == 0 || status != 0)
            Failure.ThrowIfAny(error, trap);
    }

    private nint NewWasi(IReadOnlyList<string> arguments, string folder)
    {
        var wasi = Native.wasi_config_new();
        var texts = arguments.Append(_output).Append(folder).Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        fixed (nint* values = texts)
        fixed (byte* root = "/\0"u8)
        {
            if (Native.wasi_config_set_argv(wasi, (nuint)arguments.Count, (byte**)values) == 0
                || Native.wasi_config_set_stdout_file(wasi, (byte*)texts[^2]) == 0
                || Native.wasi_config_preopen_dir(wasi, (byte*)texts[^1], root, Read, Read) == 0)
                throw new PeerException("Wasmtime: the WASI configuration was refused");
        }

        foreach (var text in texts)
            Marshal.FreeCoTaskMem(text);
        return wasi;
    }
}
