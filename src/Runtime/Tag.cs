using HostService.Runtime.Execution;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>An exception tag of a Store.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/runtime.html#tag-instances">Spec: tag instances</see></remarks>
public sealed class Tag : Extern
{
    internal Tag(Store store, TagInstance tag)
        : base(store) => Instance = tag;

    /// <summary>Its type.</summary>
    public new TagType Type => Instance.Type;

    internal TagInstance Instance { get; }

    private protected override ExternType ExternType => ExternType.From(Type);
}
