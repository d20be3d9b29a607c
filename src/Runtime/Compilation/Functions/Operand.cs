using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <summary>Where an operand is while a function is compiled. See docs/wasm-to-il.md, section 3.</summary>
internal enum OperandPlace : byte
{
    /// <summary>On the IL stack.</summary>
    Stack,

    /// <summary>A constant that is not emitted yet.</summary>
    Constant,

    /// <summary>A <c>local.get</c> that is not emitted yet, perhaps of another width than the local's, and with a constant added.</summary>
    Local,

    /// <summary>In an IL local of the compiler's.</summary>
    Slot,
}

/// <summary>One entry of the compiler's copy of the operand stack.</summary>
/// <param name="Kind">The shape of its type.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Index">The WebAssembly local, or the slot.</param>
/// <param name="Bits">The bits of a constant, null for a reference; or what is added to a local.</param>
internal readonly record struct Operand(ValueKind Kind, OperandPlace Place, int Index = 0, ulong Bits = 0)
{
    /// <summary>Whether this is an integer constant.</summary>
    public bool IsInteger => Place == OperandPlace.Constant && Kind is (ValueKind.I32 or ValueKind.I64);
}
