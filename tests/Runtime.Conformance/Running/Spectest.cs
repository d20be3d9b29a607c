using System.Collections.Immutable;
using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Running;

/// <summary>The host module <c>spectest</c> that scripts import from.</summary>
internal static class Spectest
{
    /// <summary>Its functions. They print nowhere: what matters is that they can be called.</summary>
    public static ImmutableArray<HostFunctionDefinition> Functions { get; } =
    [
        Function("print", () => { }),
        Function("print_i32", (int _) => { }),
        Function("print_i64", (long _) => { }),
        Function("print_f32", (float _) => { }),
        Function("print_f64", (double _) => { }),
        Function("print_i32_f32", (int _, float _) => { }),
        Function("print_f64_f64", (double _, double _) => { }),
    ];

    /// <summary>Defines the rest of it, which lives in a Store.</summary>
    public static void Define(Linker linker, Store store)
    {
        linker.Define("spectest", "global_i32", new Global(store, new GlobalType(ValueType.I32, false), 666));
        linker.Define("spectest", "global_i64", new Global(store, new GlobalType(ValueType.I64, false), 666L));
        linker.Define("spectest", "global_f32", new Global(store, new GlobalType(ValueType.F32, false), 666.6f));
        linker.Define("spectest", "global_f64", new Global(store, new GlobalType(ValueType.F64, false), 666.6));
        linker.Define("spectest", "table", new Table(store, new TableType(new Limits(10, 20), ValueType.FuncRef), Value.FromRef(null)));
        linker.Define("spectest", "table64", new Table(store, new TableType(new Limits(10, 20), ValueType.FuncRef, Is64: true), Value.FromRef(null)));
        linker.Define("spectest", "memory", new Memory(store, new MemoryType(new Limits(1, 2))));
        if (store.Engine.Options.Features.HasFlag(WasmFeatures.Threads))
        {
            linker.Define("spectest", "shared_memory", new Memory(store, new MemoryType(new Limits(1, 2), IsShared: true)));
        }
    }

    private static HostFunctionDefinition Function(string name, Delegate target) => new("spectest", name, HostFunction.Create(target));
}
