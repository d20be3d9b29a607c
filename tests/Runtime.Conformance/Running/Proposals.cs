using HostService.Runtime.Conformance.Scripts;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Finds out which proposals beyond WebAssembly 3.0 a script is written for.</summary>
/// <remarks>
/// Scripts don't say, and negative tests of one proposal may use what is valid in another. So a script gets 3.0, and if that refuses
/// one of the modules that must be valid, all proposals.
/// </remarks>
internal static class Proposals
{
    public const WasmFeatures All = WasmFeatures.Threads | WasmFeatures.CustomPageSizes | WasmFeatures.WideArithmetic | WasmFeatures.LegacyExceptions;

    public static WasmFeatures NeededBy(Script script)
    {
        using var core = new Engine();
        var refused = Valid(script.Commands).Where(file => !Accepts(core, file)).ToList();
        if (refused.Count == 0)
        {
            return WasmFeatures.None;
        }

        using var all = new Engine(new EngineOptions { Features = All });
        return refused.Any(file => Accepts(all, file)) ? All : WasmFeatures.None;
    }

    private static IEnumerable<ModuleFile> Valid(IEnumerable<Command> commands) => commands.SelectMany(command => command switch
    {
        { Type: "thread" } => Valid(command.Commands),
        { Type: "module" or "module_definition" or "assert_unlinkable" or "assert_uninstantiable", File: { IsText: false } file } => [file],
        _ => [],
    });

    private static bool Accepts(Engine engine, ModuleFile file)
    {
        try
        {
            Module.Validate(engine, Binary.Load(file));
            return true;
        }
        catch (Exception e) when (e is WasmException or IOException or NotSupportedException)
        {
            return false;
        }
    }
}
