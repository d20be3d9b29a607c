#pragma warning disable IDE0130 // The CLR knows the attribute by this very name.
namespace System.Runtime.CompilerServices;
#pragma warning restore IDE0130

/// <summary>Lets an emitted assembly use the internal members of another. The CLR honours it; the libraries define no type for it.</summary>
/// <param name="assemblyName">The simple name of the assembly whose members may be used.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The simple name of the assembly whose members may be used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
