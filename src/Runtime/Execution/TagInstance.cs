using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>A tag: its identity is the object's, its type says what payload an exception with it carries.</summary>
/// <param name="type">The payload as a function type's parameters, canonical.</param>
/// <param name="typeId">The canonical id of the function type.</param>
internal sealed class TagInstance(TagType type, int typeId)
{
    /// <summary>The payload as a function type's parameters, canonical.</summary>
    public TagType Type { get; } = type;

    /// <summary>The canonical id of the function type.</summary>
    public int TypeId { get; } = typeId;

    /// <summary>How many 64-bit numbers a payload has.</summary>
    public int PayloadNumbers => Type.PayloadNumbers;

    /// <summary>How many references a payload has.</summary>
    public int PayloadReferences => Type.PayloadReferences;
}
