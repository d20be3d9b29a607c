using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>A tag: its identity is the object's, its type says what payload an exception with it carries.</summary>
internal sealed class TagInstance(TagType type, int typeId)
{
    /// <summary>The payload as a function type's parameters, canonical.</summary>
    public readonly TagType Type = type;

    /// <summary>The canonical id of the function type.</summary>
    public readonly int TypeId = typeId;
}
