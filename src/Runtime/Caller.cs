using HostService.Runtime.Execution;

namespace HostService.Runtime;

/// <summary>Who called a host function: the instance whose code is running, and its Store.</summary>
/// <remarks>Valid until the host function returns; must not be kept.</remarks>
public readonly struct Caller
{
    private readonly InstanceState _state;

    internal Caller(InstanceState state) => _state = state;

    /// <summary>The Store of the caller.</summary>
    public Store Store => _state.Store;

    /// <summary>The Engine of the caller.</summary>
    public Engine Engine => _state.Store.Engine;

    /// <summary>The calling instance, or null when the host called the function itself.</summary>
    public Instance? Instance => _state.Instance;

    /// <summary>The caller's exported memory of this name, or null.</summary>
    /// <remarks>Finds the same object again and again without allocating.</remarks>
    public Memory? GetMemory(string name) => _state.Instance?.GetMemory(name);

    /// <summary>The caller's exported function of this name, or null.</summary>
    public Func? GetFunction(string name) => _state.Instance?.GetFunction(name);
}
