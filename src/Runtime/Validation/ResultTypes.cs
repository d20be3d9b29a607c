namespace HostService.Runtime.Validation;

/// <summary>The function types <c>[] → [t]</c> that block types abbreviate, made once for each validator.</summary>
internal sealed class ResultTypes
{
    private static readonly FuncType s_none = new([], []);

    // By ValueKind.
    private static readonly FuncType[] s_numbers =
        [s_none, Make(ValueType.I32), Make(ValueType.I64), Make(ValueType.F32), Make(ValueType.F64), Make(ValueType.V128)];

    private readonly Dictionary<ValueType, FuncType> _references = [];

    /// <summary>The type without parameters and with this result; <see cref="ValueKind.None"/> means without any.</summary>
    public FuncType Of(ValueType result)
    {
        if (!result.IsRef)
        {
            return s_numbers[(int)result.Kind];
        }

        if (!_references.TryGetValue(result, out var type))
        {
            _references.Add(result, type = Make(result));
        }

        return type;
    }

    private static FuncType Make(ValueType result) => new([], [result]);
}
