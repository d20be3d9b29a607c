using System.Collections.Frozen;
using System.Collections.Immutable;
using HostService.Runtime.Execution.Calls;

namespace HostService.Runtime.Linking;

/// <summary>The host functions of an Engine: types registered and references made once, when the Engine is made.</summary>
internal sealed class EngineHostFunctions : IDisposable
{
    private readonly FrozenDictionary<(string Module, string Name), Definition> _definitions;

    /// <summary>Binds the functions.</summary>
    /// <exception cref="ArgumentException">Two have the same names.</exception>
    public EngineHostFunctions(Engine engine, ImmutableArray<HostFunctionDefinition> functions)
    {
        var bindings = HostBinding.Bind(
            engine, [.. functions.Select(function => function.Function)], [.. functions.Select(function => $"{function.Module}.{function.Name}")], isEngines: true);
        var definitions = new Dictionary<(string, string), Definition>();
        for (var i = 0; i < functions.Length; i++)
        {
            if (!definitions.TryAdd((functions[i].Module, functions[i].Name), new Definition(functions[i].Function) { Binding = bindings[i] }))
            {
                throw new ArgumentException($"The host function \"{functions[i].Module}\".\"{functions[i].Name}\" is given twice.");
            }
        }

        _definitions = definitions.ToFrozenDictionary();
    }

    /// <summary>How many there are.</summary>
    public int Count => _definitions.Count;

    /// <summary>The function of these names, or null.</summary>
    public Definition? Find(string module, string name) => _definitions.GetValueOrDefault((module, name));

    /// <summary>Gives back the types' ids.</summary>
    public void Dispose()
    {
        foreach (var definition in _definitions.Values)
        {
            definition.Binding!.Dispose();
        }
    }
}
