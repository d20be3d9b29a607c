using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>What a guest exports: under its name, and from the second of two modules with <see cref="Second"/> before it.</summary>
internal sealed record GuestExport(string Name, ExternType Type)
{
    /// <summary>What the names of the second module's exports begin with.</summary>
    public const string Second = "second.";
}
