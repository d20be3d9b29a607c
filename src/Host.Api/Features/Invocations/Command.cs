using HostService.Host.Errors;
using HostService.Host.Features.Modules;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Host.Features.Invocations;

/// <summary>Running a WASI command to its end.</summary>
internal static class Command
{
    /// <summary>Checks that a version of a module that took the place of another is a command too.</summary>
    /// <exception cref="ProblemException">It is not.</exception>
    public static void Check(CompiledModule module)
    {
        if (module.Abi != ModuleAbi.WasiCommand)
        {
            throw new ProblemException(ProblemTypes.FunctionNotFound, $"The module was replaced while the call waited, and exports no {CompiledModule.Start} any more.");
        }
    }

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
