using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>A block whose <c>end</c> is not reached yet.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/appendix/algorithm.html">Spec: validation algorithm</see></remarks>
internal struct ControlFrame
{
    /// <summary>
    /// What opened it: <see cref="Op.Block"/>, <see cref="Op.Loop"/>, <see cref="Op.If"/>, <see cref="Op.Else"/>, <see cref="Op.TryTable"/>,
    /// <see cref="Op.Try"/>, <see cref="Op.Catch"/> or <see cref="Op.CatchAll"/>. The body of a function counts as a <see cref="Op.Block"/>.
    /// </summary>
    public Op Op;

    /// <summary>Whether the rest of it is never reached.</summary>
    public bool IsUnreachable;

    /// <summary>How many operands there were below its parameters.</summary>
    public int Height;

    /// <summary>How many locals had been initialised when it began.</summary>
    internal int InitializedHeight;

    /// <summary>Its type as a function type.</summary>
    public FuncType Type;

    /// <summary>The types of its operands at the start.</summary>
    public readonly ReadOnlySpan<ValueType> StartTypes => Type.Parameters.AsSpan();

    /// <summary>The types of its operands at the end.</summary>
    public readonly ReadOnlySpan<ValueType> EndTypes => Type.Results.AsSpan();

    /// <summary>What a branch to its label takes: a loop's label is at its start.</summary>
    public readonly ReadOnlySpan<ValueType> LabelTypes => Op == Op.Loop ? StartTypes : EndTypes;
}
