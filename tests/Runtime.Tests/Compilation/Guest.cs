using HostService.Runtime.Execution;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>One instance of a module given in text form, in a Store of its own.</summary>
internal sealed class Guest : IDisposable
{
    private readonly Module _module;

    public Guest(string text, BoundsChecks boundsChecks = BoundsChecks.Explicit, Action<Linker>? link = null)
        : this(Wasmtime.Module.ConvertText(text), boundsChecks, link)
    {
    }

    public Guest(byte[] binary, BoundsChecks boundsChecks = BoundsChecks.Explicit, Action<Linker>? link = null)
        : this(binary, new EngineOptions { BoundsChecks = boundsChecks }, link)
    {
    }

    public Guest(byte[] binary, EngineOptions options, Action<Linker>? link = null)
    {
        Engine = new Engine(options);
        _module = Module.Compile(Engine, binary, "guest");
        Store = new Store(Engine);
        var linker = new Linker(Engine);
        link?.Invoke(linker);
        Instance = linker.Instantiate(Store, _module);
    }

    public Engine Engine { get; }

    public Store Store { get; }

    public Instance Instance { get; }

    public InstanceState State => Instance.State;

    public Value[] Call(string function, params Value[] arguments) => Instance.GetFunction(function)!.Call(arguments);

    public void Dispose()
    {
        Store.Dispose();
        _module.Dispose();
        Engine.Dispose();
    }
}
