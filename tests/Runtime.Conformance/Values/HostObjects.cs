namespace HostService.Runtime.Conformance.Values;

/// <summary>The host objects that a script names by number.</summary>
internal sealed class HostObjects
{
    private readonly Dictionary<long, HostObject> _objects = [];

    public HostObject this[long number] => _objects.TryGetValue(number, out var found) ? found : _objects[number] = new HostObject(number);
}

/// <summary>A host object. Compared by identity.</summary>
internal sealed class HostObject(long number)
{
    public override string ToString() => $"host object {number}";
}
