using System.Runtime.InteropServices;

namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

/// <summary>The part of Wasmtime's C API that the comparison uses, blittable throughout so that a call costs a transition and nothing else.</summary>
/// <remarks><see href="https://docs.wasmtime.dev/c-api/">Wasmtime's C API</see></remarks>
internal static unsafe partial class Native
{
    private const string Library = "wasmtime";

    [LibraryImport(Library)] public static partial nint wasm_config_new();
    [LibraryImport(Library)] public static partial void wasmtime_config_epoch_interruption_set(nint config, byte enable);
    [LibraryImport(Library)] public static partial nint wasmtime_pooling_allocation_config_new();
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_delete(nint pool);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_total_core_instances_set(nint pool, uint count);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_total_memories_set(nint pool, uint count);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_total_tables_set(nint pool, uint count);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_total_stacks_set(nint pool, uint count);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_max_unused_warm_slots_set(nint pool, uint count);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_max_core_instance_size_set(nint pool, nuint bytes);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(nint pool, nuint bytes);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_config_table_keep_resident_set(nint pool, nuint bytes);
    [LibraryImport(Library)] public static partial void wasmtime_pooling_allocation_strategy_set(nint config, nint pool);
    [LibraryImport(Library)] public static partial nint wasm_engine_new_with_config(nint config);
    [LibraryImport(Library)] public static partial void wasm_engine_delete(nint engine);

    [LibraryImport(Library)] public static partial nint wasmtime_module_new(nint engine, byte* binary, nuint length, out nint module);
    [LibraryImport(Library)] public static partial void wasmtime_module_delete(nint module);
    [LibraryImport(Library)] public static partial nint wasmtime_wat2wasm(byte* text, nuint length, ByteVector* binary);

    [LibraryImport(Library)] public static partial nint wasmtime_linker_new(nint engine);
    [LibraryImport(Library)] public static partial void wasmtime_linker_delete(nint linker);
    [LibraryImport(Library)] public static partial nint wasmtime_linker_define_wasi(nint linker);
    [LibraryImport(Library)] public static partial nint wasmtime_linker_define_unknown_imports_as_traps(nint linker, nint module);
    [LibraryImport(Library)] public static partial nint wasmtime_linker_instantiate_pre(nint linker, nint module, out nint instancePre);
    [LibraryImport(Library)] public static partial nint wasmtime_linker_instantiate(nint linker, nint context, nint module, Handle* instance, nint* trap);
    [LibraryImport(Library)] public static partial nint wasmtime_linker_define_instance(nint linker, nint context, byte* name, nuint length, Handle* instance);
    [LibraryImport(Library)] public static partial void wasmtime_instance_pre_delete(nint instancePre);
    [LibraryImport(Library)]
    public static partial nint wasmtime_linker_define_func_unchecked(
        nint linker, byte* module, nuint moduleLength, byte* name, nuint nameLength, nint type,
        delegate* unmanaged[Cdecl]<void*, void*, RawValue*, nuint, nint> callback, nint data, nint finalizer);

    [LibraryImport(Library)] public static partial nint wasmtime_store_new(nint engine, nint data, nint finalizer);
    [LibraryImport(Library)] public static partial void wasmtime_store_delete(nint store);
    [LibraryImport(Library)] public static partial nint wasmtime_store_context(nint store);
    [LibraryImport(Library)] public static partial void wasmtime_context_set_epoch_deadline(nint context, ulong ticksBeyondCurrent);
    [LibraryImport(Library)] public static partial nint wasmtime_context_set_wasi(nint context, nint wasi);
    [LibraryImport(Library)] public static partial nint wasi_config_new();
    [LibraryImport(Library)] public static partial byte wasi_config_set_argv(nint wasi, nuint count, byte** values);
    [LibraryImport(Library)] public static partial byte wasi_config_set_stdin_file(nint wasi, byte* path);
    [LibraryImport(Library)] public static partial byte wasi_config_set_env(nint wasi, nuint count, byte** names, byte** values);
    [LibraryImport(Library)] public static partial byte wasi_config_set_stdout_file(nint wasi, byte* path);
    [LibraryImport(Library)] public static partial byte wasi_config_preopen_dir(nint wasi, byte* hostPath, byte* guestPath, nuint directoryRights, nuint fileRights);
    [LibraryImport(Library)] public static partial byte wasmtime_error_exit_status(nint error, int* status);

    [LibraryImport(Library)]
    public static partial nint wasmtime_instance_pre_instantiate(nint instancePre, nint context, Handle* instance, nint* trap);
    [LibraryImport(Library)]
    public static partial byte wasmtime_instance_export_get(nint context, Handle* instance, byte* name, nuint length, Extern* item);
    [LibraryImport(Library)] public static partial byte* wasmtime_memory_data(nint context, MemoryHandle* memory);

    [LibraryImport(Library)]
    public static partial nint wasmtime_func_call_unchecked(nint context, Handle* function, RawValue* argumentsAndResults, nuint length, nint* trap);
    [LibraryImport(Library)]
    public static partial nint wasmtime_func_call(
        nint context, Handle* function, TaggedValue* arguments, nuint argumentCount, TaggedValue* results, nuint resultCount, nint* trap);
    [LibraryImport(Library)] public static partial nint wasmtime_func_type(nint context, Handle* function);

    [LibraryImport(Library)] public static partial nint wasm_functype_new(PointerVector* parameters, PointerVector* results);
    [LibraryImport(Library)] public static partial void wasm_functype_delete(nint type);
    [LibraryImport(Library)] public static partial PointerVector* wasm_functype_params(nint type);
    [LibraryImport(Library)] public static partial PointerVector* wasm_functype_results(nint type);
    [LibraryImport(Library)] public static partial nint wasm_valtype_new(byte kind);
    [LibraryImport(Library)] public static partial byte wasm_valtype_kind(nint type);
    [LibraryImport(Library)] public static partial void wasm_valtype_vec_new(PointerVector* vector, nuint count, nint* types);

    [LibraryImport(Library)] public static partial void wasm_byte_vec_delete(ByteVector* bytes);
    [LibraryImport(Library)] public static partial void wasmtime_error_message(nint error, ByteVector* message);
    [LibraryImport(Library)] public static partial void wasmtime_error_delete(nint error);
    [LibraryImport(Library)] public static partial void wasm_trap_message(nint trap, ByteVector* message);
    [LibraryImport(Library)] public static partial void wasm_trap_delete(nint trap);
}
