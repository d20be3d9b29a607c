namespace HostService.Runtime.Syntax;

/// <summary>The type of a block: nothing, one result, or a function type of the module.</summary>
/// <param name="Result">The one result; <see cref="ValueKind.None"/> when there is none or a function type says it.</param>
/// <param name="TypeIndex">The function type's index, or −1.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#control-instructions">Spec: block types</see></remarks>
internal readonly record struct BlockType(ValueType Result, int TypeIndex)
{
    /// <summary>The type <c>[] → []</c>.</summary>
    public static BlockType Empty => new(default, -1);
}
