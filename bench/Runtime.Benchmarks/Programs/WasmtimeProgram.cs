using System.Runtime.InteropServices;
using System.Text;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>A program on Wasmtime, through its C API.</summary>
internal static unsafe class WasmtimeProgram
{
    private const ulong FarDeadline = 1UL << 40;
    private const int SteadyRuns = 10;
    private const nuint AllPermissions = 3;

    public static ProgramTimes Measure(GuestProgram program)
    {
        var binary = program.ReadBinary();
        var folder = Directory.CreateTempSubdirectory("hostservice-program-").FullName;
        var config = Native.wasm_config_new();
        Native.wasmtime_config_epoch_interruption_set(config, 1);
        var engine = Native.wasm_engine_new_with_config(config);
        try
        {
            var times = new ProgramTimes();
            nint module = 0, pre = 0;
            times.Ready = Elapsed.Of(() => (module, pre) = Compile(engine, binary));
            times.Optimized = times.Ready; // Cranelift optimises everything before the module is ready
            times.First = Elapsed.Of(() => Run(engine, pre, program, folder));
            times.Steady = Elapsed.Best(SteadyRuns, () => Run(engine, pre, program, folder));
            Native.wasmtime_instance_pre_delete(pre);
            Native.wasmtime_module_delete(module);
            return times;
        }
        finally
        {
            Native.wasm_engine_delete(engine);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (nint Module, nint Pre) Compile(nint engine, byte[] binary)
    {
        nint module;
        fixed (byte* data = binary)
        {
            Failure.ThrowIfAny(Native.wasmtime_module_new(engine, data, (nuint)binary.Length, out module));
        }

        var linker = Native.wasmtime_linker_new(engine);
        Failure.ThrowIfAny(Native.wasmtime_linker_define_wasi(linker));
        Failure.ThrowIfAny(Native.wasmtime_linker_instantiate_pre(linker, module, out var pre));
        Native.wasmtime_linker_delete(linker);
        return (module, pre);
    }

    private static void Run(nint engine, nint pre, GuestProgram program, string folder)
    {
        var (input, output) = (Path.Combine(folder, "input"), Path.Combine(folder, "output"));
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        File.WriteAllBytes(input, program.Input);
        var store = Native.wasmtime_store_new(engine, 0, 0);
        var context = Native.wasmtime_store_context(store);
        Native.wasmtime_context_set_epoch_deadline(context, FarDeadline);
        Failure.ThrowIfAny(Native.wasmtime_context_set_wasi(context, Configure(program, input, output, root)));
        Handle instance;
        nint trap = 0;
        Failure.ThrowIfAny(Native.wasmtime_instance_pre_instantiate(pre, context, &instance, &trap), trap);
        Start(context, instance);
        Native.wasmtime_store_delete(store);
        program.Check(File.ReadAllText(output));
    }

    private static nint Configure(GuestProgram program, string input, string output, string root)
    {
        var wasi = Native.wasi_config_new();
        var arguments = program.Arguments.Select(argument => Encoding.UTF8.GetBytes(argument + '\0')).ToArray();
        var pointers = stackalloc byte*[arguments.Length];
        var pins = arguments.Select(argument => GCHandle.Alloc(argument, GCHandleType.Pinned)).ToArray();
        for (var i = 0; i < pins.Length; i++)
        {
            pointers[i] = (byte*)pins[i].AddrOfPinnedObject();
        }

        var done = Native.wasi_config_set_argv(wasi, (nuint)arguments.Length, pointers);
        Array.ForEach(pins, pin => pin.Free());
        fixed (byte* from = Utf8(input), to = Utf8(output), host = Utf8(root), guest = "/\0"u8)
        {
            done &= Native.wasi_config_set_stdin_file(wasi, from);
            done &= Native.wasi_config_set_stdout_file(wasi, to);
            done &= Native.wasi_config_preopen_dir(wasi, host, guest, AllPermissions, AllPermissions);
        }

        return done != 0 ? wasi : throw new PeerException("Wasmtime: the program's surroundings were refused");
    }

    private static void Start(nint context, Handle instance)
    {
        Peers.Wasmtime.Extern item;
        fixed (byte* name = "_start"u8)
        {
            if (Native.wasmtime_instance_export_get(context, &instance, name, 6, &item) == 0)
            {
                throw new PeerException("Wasmtime: the program exports no \"_start\"");
            }
        }

        RawValue value;
        nint trap = 0;
        var error = Native.wasmtime_func_call_unchecked(context, &item.Function, &value, 1, &trap);
        int status;
        if (error != 0 && Native.wasmtime_error_exit_status(error, &status) != 0 && status == 0)
        {
            Native.wasmtime_error_delete(error);
            return;
        }

        Failure.ThrowIfAny(error, trap);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
