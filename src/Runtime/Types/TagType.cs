namespace HostService.Runtime.Types;

/// <summary>The type of an exception tag: a function type whose parameters are the exception's payload.</summary>
/// <param name="Type">The payload as parameters; it has no results.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#tag-types">Spec: tag types</see></remarks>
public sealed record TagType(FuncType Type)
{
    /// <summary>How many 64-bit numbers a payload has: a vector is two.</summary>
    internal int PayloadNumbers { get; } = Type.Parameters.Sum(static parameter => parameter.Kind switch { ValueKind.Ref => 0, ValueKind.V128 => 2, _ => 1 });

    /// <summary>How many references a payload has.</summary>
    internal int PayloadReferences { get; } = Type.Parameters.Count(static parameter => parameter.IsRef);

    /// <summary>The text format's form, such as <c>(tag (param i32))</c>.</summary>
    public override string ToString() => $"(tag{(Type.Parameters.IsEmpty ? "" : $" (param {string.Join(' ', Type.Parameters)})")})";
}
