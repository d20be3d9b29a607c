using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Linking;
using HostService.Runtime.Syntax;

namespace HostService.Runtime;

/// <summary>Names for what modules may import, and the way from a module to its instances.</summary>
/// <remarks>
/// Host functions and shared memories that it defines serve any number of Stores, so that an <see cref="InstancePre"/> made from it does too; anything else lives in a Store and binds
/// it to that Store. What it doesn't define is looked up among the Engine's host functions. Not thread-safe while it is being defined.
/// </remarks>
public sealed class Linker
{
    private readonly Dictionary<(string Module, string Name), Definition> _definitions = [];

    /// <summary>Makes a Linker without definitions.</summary>
    /// <param name="engine">The Engine whose modules it will link.</param>
    public Linker(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
    }

    /// <summary>The Engine given when it was made.</summary>
    public Engine Engine { get; }

    /// <summary>Whether a definition may replace an earlier one of the same names. Default false.</summary>
    public bool AllowShadowing { get; set; }

    /// <summary>Defines something that lives in a Store.</summary>
    /// <exception cref="ArgumentException">The names are taken and <see cref="AllowShadowing"/> is false, or the item is of another Engine.</exception>
    public Linker Define(string module, string name, Extern item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!ReferenceEquals(item.Store.Engine, Engine))
        {
            throw new ArgumentException("The item belongs to another Engine.", nameof(item));
        }

        return Add(module, name, new Definition(item));
    }

    /// <summary>Defines a shared memory, for any number of Stores.</summary>
    /// <exception cref="ArgumentException">The names are taken and <see cref="AllowShadowing"/> is false, or the memory is of another Engine.</exception>
    public Linker Define(string module, string name, SharedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (!ReferenceEquals(memory.Engine, Engine))
        {
            throw new ArgumentException("The memory belongs to another Engine.", nameof(memory));
        }

        return Add(module, name, new Definition(memory));
    }

    /// <summary>Defines a host function.</summary>
    /// <exception cref="ArgumentException">The names are taken and <see cref="AllowShadowing"/> is false.</exception>
    public Linker Define(string module, string name, HostFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add(module, name, new Definition(function));
    }

    /// <summary>Defines a host function from a delegate; see <see cref="HostFunction.Create(Delegate)"/> for the types it may have.</summary>
    /// <exception cref="ArgumentException">The names are taken and <see cref="AllowShadowing"/> is false, or the delegate has a type that no WebAssembly type stands for.</exception>
    public Linker DefineFunction(string module, string name, Delegate target) => Define(module, name, HostFunction.Create(target));

    /// <summary>Defines all exports of an instance under a module name.</summary>
    /// <exception cref="ArgumentException">One of the names is taken and <see cref="AllowShadowing"/> is false.</exception>
    public Linker DefineInstance(string module, Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var export in instance.Module.Syntax.Exports)
        {
            Define(module, export.Name, instance.GetExport(export.Name)!);
        }

        return this;
    }

    /// <summary>Whether something is defined under these names, here or by the Engine.</summary>
    public bool IsDefined(string module, string name) => _definitions.ContainsKey((module, name)) || Engine.HostFunctions.Find(module, name) is not null;

    /// <summary>Resolves and checks a module's imports once, so that making instances does neither.</summary>
    /// <exception cref="LinkException">An import is unknown or of another type; all such imports are named.</exception>
    /// <exception cref="ObjectDisposedException">A memory that it would be given is gone.</exception>
    /// <exception cref="ArgumentException">The module is of another Engine, or definitions of different Stores are mixed.</exception>
    public InstancePre InstantiatePre(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (!ReferenceEquals(module.Engine, Engine))
        {
            throw new ArgumentException("The module belongs to another Engine.", nameof(module));
        }

        BindHostFunctions(module);
        var resolver = new ImportResolver(module, Find);
        resolver.Resolve();
        return new InstancePre(module, resolver);
    }

    /// <summary>Links and instantiates a module in one step.</summary>
    /// <inheritdoc cref="InstantiatePre(Module)"/>
    /// <inheritdoc cref="InstancePre.Instantiate(Store)"/>
    public Instance Instantiate(Store store, Module module) => InstantiatePre(module).Instantiate(store);

    private Linker Add(string module, string name, Definition definition)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        if (!_definitions.TryAdd((module, name), definition))
        {
            if (!AllowShadowing)
            {
                throw new ArgumentException($"\"{module}\".\"{name}\" is defined already.", nameof(name));
            }

            _definitions[(module, name)] = definition;
        }

        return this;
    }

    private Definition? Find(ImportSyntax import) =>
        _definitions.GetValueOrDefault((import.Module, import.Name)) ?? Engine.HostFunctions.Find(import.Module, import.Name);

    // Together, because emitting the stubs of many costs little more than that of one.
    private void BindHostFunctions(Module module)
    {
        lock (_definitions)
        {
            var unbound = module.Syntax.Imports.Select(import => (Import: import, Definition: Find(import)))
                .Where(found => found.Definition is { HostFunction: not null, Binding: null }).DistinctBy(found => found.Definition).ToList();
            var bindings = HostBinding.Bind(
                Engine, [.. unbound.Select(found => found.Definition!.HostFunction!)], [.. unbound.Select(found => $"{found.Import.Module}.{found.Import.Name}")]);
            for (var i = 0; i < bindings.Length; i++)
            {
                unbound[i].Definition!.Binding = bindings[i];
            }
        }
    }
}
