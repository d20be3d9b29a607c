using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Signatures;

namespace HostService.Runtime.Execution.Calls;

/// <summary>A host function made callable in one Engine: its stub's code, its place in the target table, and its type's id.</summary>
/// <remarks>References to the function hold this object, and so does the stub's code, so it is released only when no guest can reach the function any more nor is calling it.</remarks>
internal sealed class HostBinding : IDisposable
{
    private readonly Engine _engine;
    private readonly int _target;
    private readonly SignatureCollection _signature;
    private int _disposed;

    private HostBinding(Engine engine, HostFunction function, int target)
    {
        _engine = engine;
        _target = target;
        _signature = engine.Signatures.Register(function.Type);
        Function = function;
    }

    ~HostBinding() => Dispose();

    public HostFunction Function { get; }

    /// <summary>The one reference to the function in this Engine.</summary>
    public FuncRef Reference { get; private set; } = FuncRef.NullElement;

    /// <summary>Binds functions together, because emitting one assembly for many stubs costs little more than for one.</summary>
    /// <param name="engine">The Engine.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="names">What profiles call each of them.</param>
    /// <param name="isEngines">Whether they stay as long as the Engine.</param>
    public static HostBinding[] Bind(Engine engine, IReadOnlyList<HostFunction> functions, IReadOnlyList<string> names, bool isEngines = false)
    {
        if (functions.Count == 0)
        {
            return [];
        }

        var targets = functions.Select(function => engine.HostTargets.Add(function.Target is HostCallback ? function : function.Target, isEngines)).ToArray();
        var stubs = HostStubs.Emit(functions, targets, names);
        var bindings = new HostBinding[functions.Count];
        for (var i = 0; i < bindings.Length; i++)
        {
            var binding = new HostBinding(engine, functions[i], targets[i]);
            // The reference's owner keeps both alive: the binding, and through the stub's method the emitted assembly.
            binding.Reference = new FuncRef(stubs[i].MethodHandle.GetFunctionPointer(), null, binding._signature.Ids[0], -1, new StubOwner(binding, stubs[i]));
            bindings[i] = binding;
        }

        HostStubs.Keep(stubs[0], bindings);
        return bindings;
    }

    /// <summary>Gives back the type's id and the place in the target table. For functions that certainly can't be reached any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _signature.Dispose();
            _engine.HostTargets.Remove(_target);
            GC.SuppressFinalize(this);
        }
    }

    private sealed record StubOwner(HostBinding Binding, System.Reflection.MethodInfo Stub);
}
