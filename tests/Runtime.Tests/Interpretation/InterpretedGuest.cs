using HostService.Runtime.Interpretation;
using HostService.Support;

namespace HostService.Runtime.Tests.Interpretation;

/// <summary>One instance of a module given in text form, interpreted, in a Store of its own.</summary>
internal sealed unsafe class InterpretedGuest : IDisposable
{
    private readonly Module _module;

    public InterpretedGuest(string text, Action<Linker>? link = null, StoreLimits? limits = null)
    {
        Engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Interpreted });
        Binary = Wat.ToBinary(text);
        _module = Module.Compile(Engine, Binary, "guest");
        Store = new Store(Engine, limits);
        var linker = new Linker(Engine);
        link?.Invoke(linker);
        Instance = linker.Instantiate(Store, _module);
    }

    public byte[] Binary { get; }

    public Engine Engine { get; }

    public Store Store { get; }

    public Instance Instance { get; }

    public InterpretedModule Interpreter => _module.Interpreter!;

    /// <summary>How each function of the module runs.</summary>
    public FunctionMode[] Modes => [.. Enumerable.Range(0, _module.FunctionCount - _module.Syntax.ImportedFunctionCount).Select(function => Interpreter.Functions[function].Mode)];

    public Value[] Call(string function, params Value[] arguments) => Instance.GetFunction(function)!.Call(arguments);

    public void Dispose()
    {
        Store.Dispose();
        _module.Dispose();
        Engine.Dispose();
    }
}
