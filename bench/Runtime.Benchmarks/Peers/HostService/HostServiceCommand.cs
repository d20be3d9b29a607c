using System.Text;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Benchmarks.Peers.HostService;

internal sealed class HostServiceCommand(Engine engine, Module module, InstancePre instancePre) : IPeerCommand
{
    public string Run(IReadOnlyList<string> arguments, string folder)
    {
        using var output = new MemoryStream();
        using var store = new Store(engine);
        store.SetEpochDeadline(HostServiceModule.FarDeadline);
        store.SetExtension(new WasiContext(new WasiOptions
        {
            Arguments = [.. arguments],
            StandardOutput = output,
            Preopens = [WasiPreopen.Host("/", folder, isReadOnly: true)],
        }));
        try
        {
            instancePre.Instantiate(store).GetAction("_start")();
        }
        catch (WasiExitException exit) when (exit.ExitCode == 0)
        {
            // How a Go program ends.
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    public void Dispose() => module.Dispose();
}
