namespace HostService.Runtime.Compilation.IL;

/// <summary>A place in the code of one <see cref="ILWriter"/>, known before it is marked.</summary>
internal readonly record struct ILLabel(int Id)
{
    /// <summary>No label.</summary>
    public static ILLabel None => new(-1);

    /// <summary>Whether this is a label.</summary>
    public bool Exists => Id >= 0;
}
