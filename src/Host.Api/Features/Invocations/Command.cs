using HostService.Host.Features.Modules;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Host.Features.Invocations;

/// <summary>Running a WASI command to its end.</summary>
internal static class Command
{
    /// <summary>Calls <c>_start</c>.</summary>
    /// <returns>The exit code; 0 when the program just returned.</returns>
    public static int Run(Instance instance)
    {
        try
        {
            instance.GetFunction(CompiledModule.Start)!.Call([], []);
            return 0;
        }
        catch (WasiExitException exit)
        {
            return exit.ExitCode;
        }
    }
}
