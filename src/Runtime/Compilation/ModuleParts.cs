using HostService.Runtime.Execution;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation;

/// <summary>What a module is built from: what the validator proved and what the compiler made, just now or earlier.</summary>
internal sealed record ModuleParts(ValidatedModule Validated, CompiledCode Code);
