namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

internal sealed unsafe class WasmtimeModule(nint engine, nint module, nint instancePre) : IPeerModule
{
    // Any store here outlives no epoch: the deadline only has to be in the future.
    internal const ulong FarDeadline = 1UL << 40;

    public void CompileAll()
    {
        // Done already: Cranelift compiles everything when the module is made.
    }

    public void Instantiate(int operations, InstantiateKind kind)
    {
        for (var i = 0; i < operations; i++)
        {
            var store = NewStore(kind == InstantiateKind.Wasi, out var context);
            var instance = NewInstance(context);
            if (kind == InstantiateKind.GuestWrite)
                CallWrite(context, &instance, i);
            else if (kind == InstantiateKind.Write)
                Write(context, &instance, i);
            Native.wasmtime_store_delete(store);
        }
    }

    public IPeerInstance NewInstance()
    {
        var store = NewStore(wasi: true, out var context);
        return new WasmtimeInstance(store, context, NewInstance(context));
    }

    public void Dispose()
    {
        Native.wasmtime_instance_pre_delete(instancePre);
        Native.wasmtime_module_delete(module);
    }

    private nint NewStore(bool wasi, out nint context)
    {
        var store = Native.wasmtime_store_new(engine, 0, 0);
        context = Native.wasmtime_store_context(store);
        Native.wasmtime_context_set_epoch_deadline(context, FarDeadline);
        if (wasi)
            SetWasi(context);
        return store;
    }

    private Handle NewInstance(nint context)
    {
        Handle instance;
        nint trap = 0;
        var error = Native.wasmtime_instance_pre_instantiate(instancePre, context, &instance, &trap);
        if ((error | trap) != 0)
            Failure.ThrowIfAny(error, trap);
        return instance;
    }

    private static void Write(nint context, Handle* instance, int value)
    {
        Extern memory;
        fixed (byte* name = "memory"u8)
            if (Native.wasmtime_instance_export_get(context, instance, name, 6, &memory) == 0 || memory.Kind != Extern.MemoryKind)
                throw new PeerException("Wasmtime: the module exports no memory");
        *(int*)(Native.wasmtime_memory_data(context, &memory.Memory) + Modules.InstantiationModules.WriteAddress) = value;
    }

    private static void CallWrite(nint context, Handle* instance, int value)
    {
        Extern item;
        fixed (byte* name = "write"u8)
            if (Native.wasmtime_instance_export_get(context, instance, name, 5, &item) == 0 || item.Kind != Extern.FunctionKind)
                throw new PeerException("Wasmtime: the module exports no function \"write\"");
        var function = item.Function;
        var argument = new RawValue { I32 = value };
        nint trap = 0;
        var error = Native.wasmtime_func_call_unchecked(context, &function, &argument, 1, &trap);
        if ((error | trap) != 0)
            Failure.ThrowIfAny(error, trap);
    }

    private static void SetWasi(nint context)
    {
        var wasi = Native.wasi_config_new();
        fixed (byte* program = "program\0"u8, name = "NAME\0"u8, value = "value\0"u8)
        {
            Native.wasi_config_set_argv(wasi, 1, &program);
            Native.wasi_config_set_env(wasi, 1, &name, &value);
        }

        Failure.ThrowIfAny(Native.wasmtime_context_set_wasi(context, wasi));
    }
}
