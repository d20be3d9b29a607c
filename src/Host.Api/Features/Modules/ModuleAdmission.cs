using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Runtime;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Modules;

/// <summary>Whether this host can run a module at all. What no invocation could ever have is refused when the module comes, rather than at each call; and so is what could not be described.</summary>
internal sealed class ModuleAdmission(IOptions<ExecutionLimits> limits)
{
    /// <summary>Checks what a module starts with, and how much there is to say of it.</summary>
    /// <exception cref="ProblemException">It is beyond a limit, which is named.</exception>
    public void CheckLimits(Module module)
    {
        var most = limits.Value;
        if (module.InitialMemoryBytes > most.MaxMemoryBytes)
        {
            throw TooMuch($"{PagesOf(module.InitialMemoryBytes)} pages of memory", most.MaxMemoryPages, nameof(ExecutionLimits.MaxMemoryPages));
        }

        if (module.InitialTableElements > (ulong)most.MaxTableElements)
        {
            throw TooMuch($"{module.InitialTableElements} table elements", most.MaxTableElements, nameof(ExecutionLimits.MaxTableElements));
        }

        if (ModuleInterface.BytesOf(module) is var bytes && bytes > most.MaxInterfaceBytes)
        {
            throw Refused(
                $"The module's {module.Exports.Length} exports and {module.Imports.Length} imports take {bytes} bytes to describe; this host keeps {most.MaxInterfaceBytes} (HostService__Limits__{nameof(ExecutionLimits.MaxInterfaceBytes)}).");
        }
    }

    /// <summary>Checks that <c>_start</c>, if there is one, can be called as WASI says.</summary>
    /// <exception cref="ProblemException">It takes or gives something.</exception>
    public static void CheckStart(CompiledModule compiled)
    {
        if (compiled.Functions.TryGetValue(CompiledModule.Start, out var start) && start.Type is not { Parameters.IsEmpty: true, Results.IsEmpty: true })
        {
            throw Refused($"_start must have no parameters and no results, as WASI says, but {start.Takes}.");
        }
    }

    // Rounded up, for memories whose pages are smaller.
    private static ulong PagesOf(ulong bytes) => (bytes / ExecutionLimits.PageBytes) + (bytes % ExecutionLimits.PageBytes == 0 ? 0UL : 1);

    private static ProblemException TooMuch(string what, int most, string setting) =>
        Refused($"The module starts with {what}; this host gives an invocation {most} (HostService__Limits__{setting}).");

    private static ProblemException Refused(string why) => new(ProblemTypes.UnsupportedModule, why);
}
