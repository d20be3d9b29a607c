using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>A tag: its identity is the object's, its type says what payload an exception with it carries.</summary>
internal sealed class TagInstance
{
    /// <summary>Makes a tag.</summary>
    /// <param name="type">The payload as a function type's parameters, canonical.</param>
    /// <param name="typeId">The canonical id of the function type.</param>
    public TagInstance(TagType type, int typeId)
    {
        (Type, TypeId) = (type, typeId);
        foreach (var parameter in type.Type.Parameters)
        {
            PayloadReferences += parameter.IsRef ? 1 : 0;
            PayloadNumbers += parameter.Kind switch { ValueKind.Ref => 0, ValueKind.V128 => 2, _ => 1 };
        }
    }

    /// <summary>The payload as a function type's parameters, canonical.</summary>
    public TagType Type { get; }

    /// <summary>The canonical id of the function type.</summary>
    public int TypeId { get; }

    /// <summary>How many 64-bit numbers a payload has.</summary>
    public int PayloadNumbers { get; }

    /// <summary>How many references a payload has.</summary>
    public int PayloadReferences { get; }
}
