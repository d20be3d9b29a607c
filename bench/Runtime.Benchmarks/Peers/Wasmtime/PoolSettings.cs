namespace HostService.Runtime.Benchmarks.Peers.Wasmtime;

/// <summary>The pooling allocator's settings; what is not named here is Wasmtime's default.</summary>
/// <param name="Slots">Instances, memories and tables in the pool. All slots may stay warm.</param>
/// <param name="KeepResidentBytes">How much of a memory or table is cleared by writing instead of being given back to the system.</param>
internal sealed record PoolSettings(uint Slots, ulong KeepResidentBytes)
{
    // A module of 10,000 functions has an instance structure above the default of 1 MiB.
    private const ulong MaxInstanceBytes = 16 << 20;

    public void ApplyTo(nint config)
    {
        var pool = Native.wasmtime_pooling_allocation_config_new();
        Native.wasmtime_pooling_allocation_config_total_core_instances_set(pool, Slots);
        Native.wasmtime_pooling_allocation_config_total_memories_set(pool, Slots);
        Native.wasmtime_pooling_allocation_config_total_tables_set(pool, Slots);
        Native.wasmtime_pooling_allocation_config_total_stacks_set(pool, Slots);
        Native.wasmtime_pooling_allocation_config_max_unused_warm_slots_set(pool, Slots);
        Native.wasmtime_pooling_allocation_config_max_core_instance_size_set(pool, (nuint)MaxInstanceBytes);
        Native.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, (nuint)KeepResidentBytes);
        Native.wasmtime_pooling_allocation_config_table_keep_resident_set(pool, (nuint)KeepResidentBytes);
        Native.wasmtime_pooling_allocation_strategy_set(config, pool);
        Native.wasmtime_pooling_allocation_config_delete(pool);
    }

    public override string ToString() => $"pooling allocator with {Slots} slots, {KeepResidentBytes / 1024} KiB kept resident";
}
