namespace HostService.Runtime.Types;

/// <summary>One export that a module's instances offer.</summary>
/// <param name="Name">Its name, unique among the exports of one module.</param>
/// <param name="Type">What it is.</param>
public sealed record ExportType(string Name, ExternType Type);
