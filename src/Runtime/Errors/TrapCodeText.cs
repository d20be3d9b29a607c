namespace HostService.Runtime.Errors;

/// <summary>The two texts of each <see cref="TrapCode"/>: the specification's message, and the stable identifier used in APIs and metrics.</summary>
public static class TrapCodeText
{
    /// <summary>The message that the specification's test suite expects, such as <c>integer divide by zero</c>.</summary>
    public static string Message(this TrapCode code) => code switch
    {
        TrapCode.Unreachable => "unreachable",
        TrapCode.IntegerDivideByZero => "integer divide by zero",
        TrapCode.IntegerOverflow => "integer overflow",
        TrapCode.InvalidConversionToInteger => "invalid conversion to integer",
        TrapCode.OutOfBoundsMemoryAccess => "out of bounds memory access",
        TrapCode.OutOfBoundsTableAccess => "out of bounds table access",
        TrapCode.UndefinedElement => "undefined element",
        TrapCode.UninitializedElement => "uninitialized element",
        TrapCode.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapCode.NullFunctionReference => "null function reference",
        TrapCode.NullReference => "null reference",
        TrapCode.NullStructReference => "null structure reference",
        TrapCode.NullArrayReference => "null array reference",
        TrapCode.NullI31Reference => "null i31 reference",
        TrapCode.NullExceptionReference => "null exception reference",
        TrapCode.OutOfBoundsArrayAccess => "out of bounds array access",
        TrapCode.CastFailure => "cast failure",
        TrapCode.CallStackExhausted => "call stack exhausted",
        TrapCode.Interrupted => "interrupted",
        TrapCode.UnalignedAtomic => "unaligned atomic",
        TrapCode.ExpectedSharedMemory => "expected shared memory",
        TrapCode.AllocationTooLarge => "allocation size too large",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a trap code."),
    };

    /// <summary>A stable identifier in lower case with underscores, such as <c>integer_divide_by_zero</c>.</summary>
    public static string Identifier(this TrapCode code) => string.Concat(
        code.ToString().Select((character, index) => char.IsAsciiLetterUpper(character) && index > 0
            ? $"_{char.ToLowerInvariant(character)}"
            : $"{char.ToLowerInvariant(character)}"));
}
