using System.Globalization;
using BenchmarkDotNet.Attributes;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>What does it buy that types are registered and functions indexed once per module and not once per instance?</summary>
/// <remarks>
/// The second benchmark adds to each instantiation what a design without an engine-wide registry does there: register the module's types and give them back,
/// and enter each function into an ordered index of code addresses.
/// </remarks>
[MemoryDiagnoser]
public class SignatureSharing
{
    private Engine _engine = null!;
    private Module _module = null!;
    private InstancePre _instancePre = null!;

    /// <summary>How many functions the module has, each of a type of its own.</summary>
    [Params(1, 100, 10_000)]
    public int Functions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new Engine();
        _module = Module.Compile(_engine, WasmtimePeer.ToBinary(DistinctTypes(Functions)));
        _instancePre = new Linker(_engine).InstantiatePre(_module);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _module.Dispose();
        _engine.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void OncePerModule()
    {
        using var store = new Store(_engine);
        _instancePre.Instantiate(store);
    }

    [Benchmark]
    public int OncePerInstance()
    {
        using var store = new Store(_engine);
        _instancePre.Instantiate(store);

        var syntax = _module.Syntax;
        using var signatures = _engine.Signatures.Register(syntax.Types, syntax.RecGroups);
        var functionsByEnd = new SortedList<ulong, int>(syntax.Bodies.Length);
        for (var i = 0; i < syntax.Bodies.Length; i++)
            functionsByEnd.Add(_module.CodeRange.Start + (ulong)(syntax.Bodies[i].Offset + syntax.Bodies[i].Length), signatures.Ids[syntax.FunctionTypes[i]]);
        return functionsByEnd.Count;
    }

    // The binary digits of the index, as i32 and i64 parameters, make each type another.
    private static string DistinctTypes(int functions) => $"(module {string.Concat(Enumerable.Range(0, functions).Select(Function))})";

    private static string Function(int index) =>
        $"(func (param {string.Join(' ', index.ToString("b14", CultureInfo.InvariantCulture).Select(digit => digit == '0' ? "i32" : "i64"))}))\n";
}
