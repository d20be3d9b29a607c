using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Linking;

namespace HostService.Runtime;

/// <summary>A module with its imports resolved and checked: instantiating looks no name up, checks no type and hashes nothing.</summary>
/// <remarks>
/// Made once for each module by <see cref="Linker.InstantiatePre"/> and kept. Thread-safe: any number of threads may instantiate from one at once, each into its own
/// Store. When something imported lives in a Store, only that Store can be given.
/// </remarks>
public sealed class InstancePre
{
    private readonly FuncRef[] _functions;
    private readonly TableInstance[] _tables;
    private readonly LinearMemory[] _memories;
    private readonly GlobalCell[] _globals;
    private readonly TagInstance[] _tags;
    private readonly Definition[] _keptAlive;
    private readonly Store? _store;

    internal InstancePre(Module module, ImportResolver imports)
    {
        Module = module;
        _functions = [.. imports.Functions];
        _tables = [.. imports.Tables];
        _memories = [.. imports.Memories];
        _globals = [.. imports.Globals];
        _tags = [.. imports.Tags];
        _keptAlive = [.. imports.KeptAlive];
        _store = imports.Store;
    }

    /// <summary>The module.</summary>
    public Module Module { get; }

    /// <summary>Makes an instance and runs its start function.</summary>
    /// <param name="store">The Store it is to live in.</param>
    /// <exception cref="ArgumentException">The Store is of another Engine, or not the one that an import lives in.</exception>
    /// <exception cref="ResourceLimitException">A limit of the Store or the Engine leaves no room.</exception>
    /// <exception cref="TrapException">A segment doesn't fit its memory or table, or the start function trapped. What was written before stays written.</exception>
    /// <exception cref="ObjectDisposedException">The module, the Store or an imported shared memory is disposed.</exception>
    /// <remarks><see href="https://webassembly.github.io/spec/core/exec/modules.html#instantiation">Spec: instantiation</see></remarks>
    public Instance Instantiate(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        CheckStore(store);
        var resources = store.Resources;
        if (resources.Instances >= store.Limits.MaxInstances)
        {
            throw new ResourceLimitException($"The Store holds {resources.Instances} instances, which is its limit.");
        }

        store.Modules.Register(Module);
        resources.Instances++;
        var code = Module.Code;
        var state = new InstanceState
        {
            Store = store,
            Control = store.ControlAddress,
            Module = Module,
            Code = code,
            Interpreter = code.IsOptimized ? null : Module.Interpreter,
            TypeIds = Module.TypeIds,
            ImportedFunctions = _functions,
            ImportedGlobals = _globals,
        };
        var instance = new Instance(state);
        state.Instance = instance;
        store.ReserveResults(Module.Contents.MaxResults);
        MakeMemories(state, resources);
        MakeTables(state);
        MakeTags(state);

        // Not before: for a core dump, an instance that found no room never was.
        store.AddInstance(state);
        Module.Contents.Initialize(state);
        instance.Start();
        return instance;
    }

    private void CheckStore(Store store)
    {
        store.ThrowIfDisposed();
        if (!ReferenceEquals(store.Engine, Module.Engine))
        {
            throw new ArgumentException("The Store belongs to another Engine than the module.", nameof(store));
        }

        if (_store is not null && !ReferenceEquals(_store, store))
        {
            throw new ArgumentException("Something that the module imports lives in another Store.", nameof(store));
        }
    }

    private void MakeMemories(InstanceState state, StoreResources resources)
    {
        var types = Module.Syntax.Memories;
        if (types.Length == 0)
        {
            return;
        }

        foreach (var imported in _memories)
        {
            if (imported.IsShared)
            {
                resources.Own(imported);
            }
        }

        GC.KeepAlive(_keptAlive);
        var memories = _memories;
        if (memories.Length < types.Length)
        {
            memories = new LinearMemory[types.Length];
            _memories.CopyTo(memories, 0);
            for (var i = _memories.Length; i < types.Length; i++)
            {
                var type = types[i];
                memories[i] = Module.Engine.Memories.Rent(
                    type.Limits.Minimum, type.Limits.Maximum, type.Is64, type.PageSizeLog2, Module.Contents.MemoryImage(i), resources, type.IsShared);
                resources.Own(memories[i]);
            }
        }

        state.Memories = memories;
        state.Memory0 = memories[0];
    }

    private void MakeTables(InstanceState state)
    {
        var types = Module.TableTypes;
        if (types.Length == 0)
        {
            return;
        }

        var tables = _tables;
        if (tables.Length < types.Length)
        {
            tables = new TableInstance[types.Length];
            _tables.CopyTo(tables, 0);
            for (var i = _tables.Length; i < types.Length; i++)
            {
                tables[i] = new TableInstance(state.Store, types[i], state, Module.Contents.TableImage(i));
            }
        }

        state.Tables = tables;
        state.Table0 = tables[0];
    }

    private void MakeTags(InstanceState state)
    {
        var types = Module.TagTypes;
        if (types.Length == 0)
        {
            return;
        }

        state.Tags = new TagInstance[types.Length];
        _tags.CopyTo(state.Tags, 0);
        for (var i = _tags.Length; i < types.Length; i++)
        {
            state.Tags[i] = new TagInstance(types[i], Module.TypeIds[Module.Syntax.TagTypes[i]]);
        }
    }
}
