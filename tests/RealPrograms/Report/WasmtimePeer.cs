using Wasmtime;

namespace HostService.RealPrograms.Report;

/// <summary>Wasmtime through its .NET package, with epoch interruption on because a host needs it.</summary>
internal sealed class WasmtimePeer : IDisposable
{
    private readonly Engine _engine = new(new Config().WithEpochInterruption(true));
    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-report-").FullName;
    private Linker? _linker;
    private Module? _module;

    public void Compile(Subject subject)
    {
        _linker = new Linker(_engine);
        _linker.DefineWasi();
        _module = Module.FromBytes(_engine, subject.Name, subject.Binary);
    }

    /// <summary>Runs the compiled program in a new store and answers what it wrote to standard output.</summary>
    public string Run(Subject subject)
    {
        var input = Path.Combine(_folder, "stdin");
        var output = Path.Combine(_folder, "stdout");
        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        File.WriteAllText(input, subject.StandardInput);
        using (var store = new Store(_engine))
        {
            store.SetEpochDeadline(1);
            store.SetWasiConfiguration(new WasiConfiguration()
                .WithArgs([subject.Name, .. subject.Arguments])
                .WithStandardInput(input)
                .WithStandardOutput(output)
                .WithPreopenedDirectory(root, "/", mutable: true));
            try
            {
                _linker!.Instantiate(store, _module!).GetAction("_start")!();
            }
            catch (WasmtimeException exit) when (exit.ExitCode == 0)
            {
                // proc_exit(0): the normal end of a command.
            }
        }

        return File.ReadAllText(output);
    }

    public void Dispose()
    {
        _module?.Dispose();
        _linker?.Dispose();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
