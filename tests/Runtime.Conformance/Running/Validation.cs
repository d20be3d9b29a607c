using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Does of a script what needs no compiler: every module is decoded and validated, and what must be refused is refused.</summary>
internal static class Validation
{
    public static Verdict Run(Engine engine, Command command)
    {
        if (command.Problem is { } problem)
        {
            return Verdict.Failed(problem);
        }

        try
        {
            return command switch
            {
                { Type: "module_instance" or "register" or "action" or "assert_return" or "assert_trap" or "assert_exhaustion" or "assert_exception"
                    or "assert_suspension" or "thread" or "wait" } => Verdict.Ignored,
                { File: null } => Verdict.Failed($"\"{command.Type}\" is no command that the runner knows, or it has no file"),
                { File.IsText: true } => Verdict.Skipped,
                { Type: "assert_invalid" } => ModuleChecks.AssertInvalid(engine, Binary.Load(command.File)),
                { Type: "assert_malformed" } => ModuleChecks.AssertMalformed(engine, Binary.Load(command.File)),
                { Type: "assert_invalid_custom" or "assert_malformed_custom" } => ModuleChecks.AssertRefused(engine, Binary.Load(command.File)),
                { Type: "module" or "module_definition" or "assert_unlinkable" or "assert_uninstantiable" } =>
                    ModuleChecks.AssertValid(engine, Binary.Load(command.File)),
                _ => Verdict.Failed($"\"{command.Type}\" is no command that the runner knows"),
            };
        }
        catch (Exception unexpected)
        {
            return Verdict.Failed($"{unexpected}");
        }
    }
}
