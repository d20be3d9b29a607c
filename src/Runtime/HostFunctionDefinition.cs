namespace HostService.Runtime;

/// <summary>A function of the host under the pair of names that modules import it by.</summary>
/// <param name="Module">The first name.</param>
/// <param name="Name">The second name.</param>
/// <param name="Function">The function.</param>
public sealed record HostFunctionDefinition(string Module, string Name, HostFunction Function);
