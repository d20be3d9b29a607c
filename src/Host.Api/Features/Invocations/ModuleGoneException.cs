namespace HostService.Host.Features.Invocations;

/// <summary>The module's code was released between finding it and using it. Nothing of it ran, so looking again is safe.</summary>
internal sealed class ModuleGoneException(Exception inner) : Exception("The module was removed or replaced.", inner);
