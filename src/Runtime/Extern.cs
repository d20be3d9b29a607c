using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>Something that can be imported and exported: a <see cref="Func"/>, <see cref="Memory"/>, <see cref="Table"/>, <see cref="Global"/> or <see cref="Tag"/> of one Store.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/runtime.html#external-instances">Spec: external instances</see></remarks>
public abstract class Extern
{
    private protected Extern(Store store) => Store = store;

    /// <summary>The Store that it lives in.</summary>
    public Store Store { get; }

    /// <summary>Which of the five it is.</summary>
    public ExternKind Kind => ExternType.Kind;

    /// <summary>Its type. The limits of memories and tables are their current length and their maximum.</summary>
    public ExternType Type => ExternType;

    private protected abstract ExternType ExternType { get; }
}
