using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Finds out which proposals beyond WebAssembly 3.0 a script is written for.</summary>
/// <remarks>
/// Scripts don't say, and negative tests of one proposal may use what is valid in another. So a script gets 3.0, and if that refuses one of the modules that
/// must be valid, or can't decode one that must be no worse than invalid, all proposals.
/// </remarks>
internal static class Proposals
{
    public const WasmFeatures All = WasmFeatures.Threads | WasmFeatures.CustomPageSizes | WasmFeatures.WideArithmetic | WasmFeatures.LegacyExceptions;

    public static WasmFeatures NeededBy(Script script)
    {
        using var core = new Engine();
        var wrong = Modules(script.Commands).Where(module => !IsJudgedRight(core, module)).ToList();
        if (wrong.Count == 0)
        {
            return WasmFeatures.None;
        }

        using var all = new Engine(new EngineOptions { Features = All });
        return wrong.Any(module => IsJudgedRight(all, module)) ? All : WasmFeatures.None;
    }

    private static IEnumerable<(ModuleFile File, bool IsValid)> Modules(IEnumerable<Command> commands) => commands.SelectMany(command => command switch
    {
        { Type: "thread" } => Modules(command.Commands),
        { Type: "module" or "module_definition" or "assert_unlinkable" or "assert_uninstantiable", File: { IsText: false } file } => [(file, true)],
        { Type: "assert_invalid", File: { IsText: false } file } => [(file, false)],
        _ => [],
    });

    private static bool IsJudgedRight(Engine engine, (ModuleFile File, bool IsValid) module)
    {
        try
        {
            Module.Validate(engine, Binary.Load(module.File));
            return module.IsValid;
        }
        catch (InvalidModuleException)
        {
            return !module.IsValid;
        }
        catch (Exception e) when (e is WasmException or IOException or NotSupportedException)
        {
            return false;
        }
    }
}
