namespace HostService.Runtime.Golden;

/// <summary>With a file: compiles the module in it, each function to the optimised machine code, and runs nothing.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [var file])
        {
            Console.Error.WriteLine("usage: <module.wasm>");
            return 2;
        }

        using var engine = new Engine();
        using var module = Module.Compile(engine, File.ReadAllBytes(file));
        module.Prepare();
        return 0;
    }
}
