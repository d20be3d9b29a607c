using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Execution.Calls;

/// <summary>A function reference: code, the instance it runs in, and its canonical type.</summary>
/// <remarks>
/// A host function belongs to no Store, so its <see cref="State"/> is null and its code is given the state of the <em>caller</em> instead: that is how an
/// engine-wide host function learns who called. Every call through a reference therefore passes <c>f.State ?? state</c>.
/// </remarks>
internal sealed class FuncRef(nint code, InstanceState? state, int signature, int functionIndex, object owner)
{
    /// <summary>Stands in a lazily filled table for an element that was set to null; its signature matches no type.</summary>
    public static readonly FuncRef NullElement = new(0, null, -1, -1, typeof(FuncRef));

    /// <summary>The address to <c>calli</c>.</summary>
    public readonly nint Code = code;

    /// <summary>The instance that the function runs in; null for a host function.</summary>
    public readonly InstanceState? State = state;

    /// <summary>The canonical id of its type in the Engine.</summary>
    public readonly int Signature = signature;

    /// <summary>Its index in the module of <see cref="State"/>; −1 for a host function.</summary>
    public readonly int FunctionIndex = functionIndex;

    /// <summary>Keeps <see cref="Code"/> from being collected: the <see cref="ModuleCode"/> or the host function.</summary>
    public readonly object Owner = owner;
}
