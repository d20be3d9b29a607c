namespace HostService.Runtime.Types;

/// <summary>One import that a module asks for.</summary>
/// <param name="Module">The first of its two names.</param>
/// <param name="Name">The second of its two names.</param>
/// <param name="Type">What must be given.</param>
public sealed record ImportType(string Module, string Name, ExternType Type);
