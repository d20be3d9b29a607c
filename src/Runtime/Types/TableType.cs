namespace HostService.Runtime.Types;

/// <summary>The type of a table.</summary>
/// <param name="Limits">Its size in elements.</param>
/// <param name="ElementType">The reference type of its elements.</param>
/// <param name="Is64">Whether its indices are <c>i64</c> rather than <c>i32</c>.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#table-types">Spec: table types</see></remarks>
public sealed record TableType(Limits Limits, ValueType ElementType, bool Is64 = false)
{
    /// <summary>The type of this table's indices: <c>i32</c> or <c>i64</c>.</summary>
    public ValueType AddressType => Is64 ? ValueType.I64 : ValueType.I32;

    /// <summary>Which rule of validation it breaks, in the specification's words, or null.</summary>
    /// <remarks><see href="https://webassembly.github.io/spec/core/valid/types.html#table-types">Spec: table types</see></remarks>
    internal string? FindProblem() =>
        !Is64 && (Limits.Minimum > uint.MaxValue || Limits.Maximum > uint.MaxValue) ? $"table size must be at most {uint.MaxValue} elements" : Limits.FindProblem();

    /// <summary>Refuses a type that a host made and no module could declare.</summary>
    /// <exception cref="ArgumentException">It breaks a rule of validation, or its elements are no references.</exception>
    internal void ThrowIfInvalid(string parameter)
    {
        if ((ElementType.IsRef ? FindProblem() : "its elements must be references") is { } problem)
        {
            throw new ArgumentException($"{this} is no valid type: {problem}.", parameter);
        }
    }

    /// <summary>The text format's form, such as <c>(table 10 funcref)</c>.</summary>
    public override string ToString() => $"(table {(Is64 ? "i64 " : "")}{Limits} {ElementType})";
}
