using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Debugging;

/// <summary>The guest of Guests/orders.c, in one of its two binaries and one of three codes.</summary>
internal sealed class OrdersGuest : IDisposable
{
    private readonly Module _module;

    /// <summary>Compiles and instantiates it.</summary>
    /// <param name="dwarf">The version of its debugging information: 4 or 5.</param>
    /// <param name="code">One of <see cref="Codes"/>.</param>
    /// <param name="stored">Whether to go through the stored form of the module.</param>
    public OrdersGuest(int dwarf, string code, bool stored = false)
    {
        Engine = new Engine(code switch
        {
            "guard pages" => new EngineOptions(),
            "explicit checks" => new EngineOptions { BoundsChecks = BoundsChecks.Explicit },
            _ => new EngineOptions { Compilation = CompilationStrategy.Baseline },
        });
        _module = Module.Compile(Engine, Binary(dwarf), "orders");
        if (stored)
        {
            var artifact = _module.Serialize();
            _module.Dispose();
            _module = Module.Deserialize(Engine, artifact);
        }

        Store = new Store(Engine);
        Instance = new Linker(Engine).Instantiate(Store, _module);
    }

    public static string[] Codes => ["guard pages", "explicit checks", "baseline"];

    public Engine Engine { get; }

    public Store Store { get; }

    public Instance Instance { get; }

    public static byte[] Binary(int dwarf) => File.ReadAllBytes(InFolder($"orders-dwarf{dwarf}.wasm"));

    /// <summary>The one line of the source that has a text.</summary>
    public static int LineOf(string text) =>
        1 + Assert.Single(File.ReadAllLines(InFolder("orders.c")).Index(), line => line.Item.Contains(text, StringComparison.Ordinal)).Index;

    public TrapException Trap(string function, params Value[] arguments) =>
        Assert.Throws<TrapException>(() => Instance.GetFunction(function)!.Call(arguments));

    public void Dispose()
    {
        Store.Dispose();
        _module.Dispose();
        Engine.Dispose();
    }

    private static string InFolder(string name) => Path.Combine(AppContext.BaseDirectory, "Debugging", "Guests", name);
}
