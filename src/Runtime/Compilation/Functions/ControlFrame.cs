using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <summary>An open block while a function is compiled.</summary>
internal struct ControlFrame
{
    /// <summary>The instruction that opened it; <see cref="Op.Block"/> for the function itself.</summary>
    public Op Op;

    /// <summary>Its parameters and results.</summary>
    public Signature Signature;

    /// <summary>How many operands lie below its parameters.</summary>
    public int Height;

    /// <summary>Where a branch to it goes: its start for a loop, else its end.</summary>
    public ILLabel Target;

    /// <summary>For an <c>if</c> whose <c>else</c> is still to come, where that begins.</summary>
    public ILLabel Else;

    /// <summary>How many protected regions its label lies in.</summary>
    public int Regions;

    /// <summary>Where the code that its handler protects begins.</summary>
    public int ProtectedFrom;

    /// <summary>For <c>try_table</c>, where its catch clauses are in the binary, to be read again.</summary>
    public (int Offset, int End, int Count) Catches;

    /// <summary>For <c>catch</c> of the legacy proposal, the IL local with the exception; for <c>rethrow</c>.</summary>
    public int Exception;

    /// <summary>Whether something branches to its end.</summary>
    public bool IsTargeted;

    /// <summary>What a branch to it carries.</summary>
    public readonly ValueKind[] LabelTypes => Op == Op.Loop ? Signature.Parameters : Signature.Results;
}
