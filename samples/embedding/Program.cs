// The engine as a library: everything that docs/embedding.md shows, as one program.
using System.Text;
using HostService.Runtime;
using HostService.Runtime.Errors;
using HostService.Runtime.Wasi.Preview1;

// Its guests lie beside it, or in the folder that it is given.
string Guest(string name) => Path.Combine(args is [var folder] ? folder : AppContext.BaseDirectory, name);

// Once for the process. Every thread may use it.
using var engine = new Engine(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions });

// Once for each module: compile it, and find what it imports.
using var module = Module.Compile(engine, File.ReadAllBytes(Guest("order.wasm")), "order");
var linker = new Linker(engine)
    .DefineFunction("shop", "price", (int article) => article * 1250)
    .DefineFunction("shop", "say", (Caller caller, int address, int length) =>
    {
        var text = caller.GetMemory("memory")!.Slice(address, length);
        Console.WriteLine($"the guest says: {Encoding.UTF8.GetString(text)}");
    });
var order = linker.InstantiatePre(module);

// For each request: a store of its own, in which nothing is left of any other.
using (var store = new Store(engine))
{
    var total = order.Instantiate(store).GetFunction<int, int, int>("total");
    Console.WriteLine($"3 of article 1: {total(1, 3)} cents");
    Console.WriteLine($"8 of article 2: {total(2, 8)} cents");
}

// A guest that traps: the error names the functions that led to it.
using (var store = new Store(engine))
{
    var boxes = order.Instantiate(store).GetFunction<int, int, int>("boxes");
    try
    {
        boxes(12, 0);
    }
    catch (TrapException trap)
    {
        Console.WriteLine(trap.Message);
        foreach (var frame in trap.Frames)
        {
            // Several where functions were inlined into one another, none without debugging information.
            var lines = frame.Source.Select(position => $"{Path.GetFileName(position.File)}:{position.Line}");
            Console.WriteLine($"  {frame.Function} ({string.Join(", ", lines)})");
        }
    }
}

// A guest that never returns: the engine's clock goes on, and the store's deadline passes.
var tick = TimeSpan.FromMilliseconds(10);
using (var clock = new Timer(_ => engine.IncrementEpoch(), null, tick, tick))
using (var store = new Store(engine, new StoreLimits { MaxMemoryBytes = 16 << 20, MaxStackBytes = 256 << 10 }))
{
    store.SetEpochDeadline(ticksBeyondCurrent: 5);
    var wait = order.Instantiate(store).GetAction("wait_for_sale");
    try
    {
        wait();
    }
    catch (TrapException trap) when (trap.Code == TrapCode.Interrupted)
    {
        Console.WriteLine($"ended: {trap.Message}");
    }
}

// A program with a system interface: what it sees of the world is what it is given here.
using (var program = Module.Compile(engine, File.ReadAllBytes(Guest("hello.wasm")), "hello"))
using (var store = new Store(engine))
using (var output = new MemoryStream())
using (var world = new WasiContext(new WasiOptions { Environment = [new("PATH_INFO", "/reader")], StandardOutput = output }))
{
    store.SetExtension(world);
    new Linker(engine).Instantiate(store, program).GetAction("_start")();
    Console.WriteLine(Encoding.UTF8.GetString(output.ToArray()).Trim());
}

// Compiled code can be kept: the next process neither decodes, validates nor compiles.
using var kept = new MemoryStream();
module.Serialize(kept);
kept.Position = 0;
using (var again = Module.Deserialize(engine, kept))
using (var store = new Store(engine))
{
    var boxes = linker.InstantiatePre(again).Instantiate(store).GetFunction<int, int, int>("boxes");
    Console.WriteLine($"13 in boxes of 6: {boxes(13, 6)} boxes");
}
