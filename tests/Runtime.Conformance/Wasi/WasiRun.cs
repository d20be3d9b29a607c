using System.Text;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Conformance.Wasi;

/// <summary>What a program did.</summary>
internal sealed record WasiRun(int ExitCode, string Output, string Error)
{
    // Each of these programs is done within a second, on a busy machine within a few.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program in a fresh Store.</summary>
    /// <param name="test">The program.</param>
    /// <param name="preopens">The directories it is given.</param>
    public static WasiRun Of(WasiTest test, params ReadOnlySpan<WasiPreopen> preopens)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var context = new WasiContext(new WasiOptions
        {
            Arguments = [Path.GetFileName(test.Program), .. test.Arguments],
            Environment = test.Environment,
            StandardOutput = output,
            StandardError = error,
            Preopens = [.. preopens],
            Cancellation = patience.Token,
        });
        using var engine = new Engine(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions });
        using var module = Module.Compile(engine, File.ReadAllBytes(test.Program));
        using var store = new Store(engine);
        store.SetExtension(context);
        store.SetEpochDeadline(1);
        using var deadline = patience.Token.Register(engine.IncrementEpoch);
        var exitCode = 0;
        try
        {
            new Linker(engine).Instantiate(store, module).GetFunction("_start")!.Call([], []);
        }
        catch (WasiExitException exit)
        {
            exitCode = exit.ExitCode;
        }

        return new WasiRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
