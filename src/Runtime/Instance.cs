using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>An instance of a module in a Store.</summary>
/// <remarks>Not thread-safe, like its Store. <see href="https://webassembly.github.io/spec/core/exec/runtime.html#module-instances">Spec: module instances</see></remarks>
public sealed partial class Instance
{
    private readonly InstanceState _state;

    // What was asked for, by place among the module's exports; the same object every time.
    private Extern?[]? _exports;

    internal Instance(InstanceState state) => _state = state;

    /// <summary>The module that this is an instance of.</summary>
    public Module Module => _state.Module!;

    /// <summary>The Store that it lives in.</summary>
    public Store Store => _state.Store;

    internal InstanceState State => _state;

    /// <summary>Whether this instance runs optimised code. It never changes: an instance keeps the code that it took when it was made.</summary>
    /// <remarks>With <see cref="CompilationStrategy.Tiered"/>, instances made before the background is done run baseline code. Thread-safe.</remarks>
    public bool RunsOptimizedCode => _state.Code!.IsOptimized;

    /// <summary>The export of this name, or null.</summary>
    public Extern? GetExport(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Module.TryGetExport(name, out var place))
        {
            return null;
        }

        var exports = _exports ??= new Extern?[Module.Syntax.Exports.Length];
        return exports[place] ??= Make(place);
    }

    /// <summary>The exported function of this name, or null when there is none.</summary>
    public Func? GetFunction(string name) => GetExport(name) as Func;

    /// <summary>The exported memory of this name, or null when there is none.</summary>
    public Memory? GetMemory(string name) => GetExport(name) as Memory;

    /// <summary>The exported table of this name, or null when there is none.</summary>
    public Table? GetTable(string name) => GetExport(name) as Table;

    /// <summary>The exported global of this name, or null when there is none.</summary>
    public Global? GetGlobal(string name) => GetExport(name) as Global;

    /// <summary>The exported tag of this name, or null when there is none.</summary>
    public Tag? GetTag(string name) => GetExport(name) as Tag;

    /// <summary>Calls the module's start function, if it has one. Instantiation's last step.</summary>
    internal void Start()
    {
        if (Module.Syntax.Start is { } start)
        {
            new Func(Store, _state.FunctionRef(start.Value)).Call([], []);
        }
    }

    private Func RequireFunction(string name) =>
        GetFunction(name) ?? throw new ArgumentException($"The module exports no function \"{name}\".", nameof(name));

    private Extern Make(int place)
    {
        var export = Module.Syntax.Exports[place];
        return export.Kind switch
        {
            ExternKind.Func => new Func(Store, _state.FunctionRef(export.Index)),
            ExternKind.Table => new Table(Store, _state.Tables[export.Index]),
            ExternKind.Memory => new Memory(Store, _state.Memories[export.Index]),
            ExternKind.Global => new Global(Store, Module.GlobalCellOf(_state, export.Index)),
            _ => new Tag(Store, _state.Tags[export.Index]),
        };
    }
}
