using HostService.Runtime.Execution.Code;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation;

/// <summary>What a module is built from: what the validator proved and what the compiler made, just now or earlier.</summary>
/// <param name="Validated">The module.</param>
/// <param name="Code">Its code.</param>
/// <param name="Verdict">What came of trying to optimise it in a child process, if that was tried.</param>
/// <param name="Profile">Which functions, imported ones not counted, are known to have run earlier.</param>
internal sealed record ModuleParts(ValidatedModule Validated, CompiledCode Code, CompilationVerdict? Verdict, int[] Profile);
