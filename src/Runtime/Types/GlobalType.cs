namespace HostService.Runtime.Types;

/// <summary>The type of a global variable.</summary>
/// <param name="Type">The type of its value.</param>
/// <param name="IsMutable">Whether <c>global.set</c> may change it.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#global-types">Spec: global types</see></remarks>
public sealed record GlobalType(ValueType Type, bool IsMutable)
{
    /// <summary>The text format's form, such as <c>(global (mut i32))</c>.</summary>
    public override string ToString() => IsMutable ? $"(global (mut {Type}))" : $"(global {Type})";
}
