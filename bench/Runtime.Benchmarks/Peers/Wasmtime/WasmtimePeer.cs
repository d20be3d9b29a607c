using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

/// <summary>Wasmtime through its C API, set up as an embedder who wants speed would: pooling allocator, InstancePre, unchecked calls.</summary>
internal sealed unsafe class WasmtimePeer : IPeer
{
    private readonly PoolSettings _pool;
    private readonly nint _engine;

    public WasmtimePeer(PoolSettings pool)
    {
        _pool = pool;
        var config = Native.wasm_config_new();
        Native.wasmtime_config_epoch_interruption_set(config, 1);
        pool.ApplyTo(config);
        _engine = Native.wasm_engine_new_with_config(config);
        if (_engine == 0)
            throw new PeerException("Wasmtime: the engine could not be created with this configuration");
    }

    public string Name => "wasmtime";

    public string Configuration =>
        $"Wasmtime C API {Version()}, Cranelift (speed, parallel compilation), epoch interruption on, copy-on-write images and guard pages as by default, {_pool}";

    /// <summary>Translates the text format, which is how the modules of this project are written down.</summary>
    public static byte[] ToBinary(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        ByteVector binary;
        fixed (byte* data = utf8)
            Failure.ThrowIfAny(Native.wasmtime_wat2wasm(data, (nuint)utf8.Length, &binary));
        var result = new ReadOnlySpan<byte>(binary.Data, (int)binary.Length).ToArray();
        Native.wasm_byte_vec_delete(&binary);
        return result;
    }

    public IPeerModule Compile(byte[] binary)
    {
        var module = NewModule(binary);
        var linker = Native.wasmtime_linker_new(_engine);
        try
        {
            Failure.ThrowIfAny(Native.wasmtime_linker_define_wasi(linker));
            DefineHostAdd(linker);
            Failure.ThrowIfAny(Native.wasmtime_linker_define_unknown_imports_as_traps(linker, module));
            Failure.ThrowIfAny(Native.wasmtime_linker_instantiate_pre(linker, module, out var instancePre));
            return new WasmtimeModule(_engine, module, instancePre);
        }
        finally
        {
            Native.wasmtime_linker_delete(linker);
        }
    }

    public IPeerInstance Link(IReadOnlyList<(string Name, byte[] Binary)> modules)
    {
        var store = Native.wasmtime_store_new(_engine, 0, 0);
        var context = Native.wasmtime_store_context(store);
        Native.wasmtime_context_set_epoch_deadline(context, WasmtimeModule.FarDeadline);
        var linker = Native.wasmtime_linker_new(_engine);
        try
        {
            Handle last = default;
            foreach (var (name, binary) in modules)
            {
                nint trap = 0;
                var error = Native.wasmtime_linker_instantiate(linker, context, NewModule(binary), &last, &trap);
                Failure.ThrowIfAny(error, trap);
                var utf8 = Encoding.UTF8.GetBytes(name);
                fixed (byte* data = utf8)
                    Failure.ThrowIfAny(Native.wasmtime_linker_define_instance(linker, context, data, (nuint)utf8.Length, &last));
            }

            return new WasmtimeInstance(store, context, last);
        }
        finally
        {
            Native.wasmtime_linker_delete(linker);
        }
    }

    public IPeerCommand CompileCommand(byte[] binary)
    {
        var module = NewModule(binary);
        var linker = Native.wasmtime_linker_new(_engine);
        try
        {
            Failure.ThrowIfAny(Native.wasmtime_linker_define_wasi(linker));
            Failure.ThrowIfAny(Native.wasmtime_linker_instantiate_pre(linker, module, out var instancePre));
            return new WasmtimeCommand(_engine, module, instancePre);
        }
        finally
        {
            Native.wasmtime_linker_delete(linker);
        }
    }

    private nint NewModule(byte[] binary)
    {
        fixed (byte* data = binary)
        {
            Failure.ThrowIfAny(Native.wasmtime_module_new(_engine, data, (nuint)binary.Length, out var module));
            return module;
        }
    }

    public void Dispose() => Native.wasm_engine_delete(_engine);

    private static void DefineHostAdd(nint linker)
    {
        PointerVector parameters, results;
        var types = stackalloc nint[2];
        types[0] = Native.wasm_valtype_new(ValueKind.I32);
        types[1] = Native.wasm_valtype_new(ValueKind.I32);
        Native.wasm_valtype_vec_new(&parameters, 2, types);
        types[0] = Native.wasm_valtype_new(ValueKind.I32);
        Native.wasm_valtype_vec_new(&results, 1, types);
        var type = Native.wasm_functype_new(&parameters, &results);
        fixed (byte* module = "host"u8, name = "add"u8)
            Failure.ThrowIfAny(Native.wasmtime_linker_define_func_unchecked(linker, module, 4, name, 3, type, &HostAdd, 0, 0));
        Native.wasm_functype_delete(type);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint HostAdd(void* environment, void* caller, RawValue* values, nuint length)
    {
        values[0].I32 += values[1].I32;
        return 0;
    }

    // The native library does not tell its version; the binding beside it in the package has the same one.
    private static string Version() => AssemblyName.GetAssemblyName(Path.Combine(AppContext.BaseDirectory, "Wasmtime.Dotnet.dll")).Version!.ToString(3);
}
