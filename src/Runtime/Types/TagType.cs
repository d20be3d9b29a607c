namespace HostService.Runtime.Types;

/// <summary>The type of an exception tag: a function type whose parameters are the exception's payload.</summary>
/// <param name="Type">The payload as parameters; it has no results.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#tag-types">Spec: tag types</see></remarks>
public sealed record TagType(FuncType Type)
{
    /// <summary>The text format's form, such as <c>(tag (param i32))</c>.</summary>
    public override string ToString() => $"(tag{(Type.Parameters.IsEmpty ? "" : $" (param {string.Join(' ', Type.Parameters)})")})";
}
