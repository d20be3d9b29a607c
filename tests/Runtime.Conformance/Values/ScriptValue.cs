using System.Collections.Immutable;

namespace HostService.Runtime.Conformance.Values;

/// <summary>A value of a script: an argument, or what a result is expected to be.</summary>
/// <param name="Type">The script's word for its type.</param>
internal abstract record ScriptValue(string Type);

/// <summary>A number, bit for bit. Also a lane of a vector, which may be narrower than any number.</summary>
internal sealed record NumberValue(string Type, int Width, ulong Bits) : ScriptValue(Type)
{
    public override string ToString() => $"{Type} 0x{Bits.ToString($"x{Width / 4}", null)}";
}

/// <summary>Expected only: any NaN, or any whose payload is nothing but the quiet bit.</summary>
internal sealed record NanValue(string Type, int Width, bool IsCanonical) : ScriptValue(Type)
{
    public override string ToString() => $"{Type} nan:{(IsCanonical ? "canonical" : "arithmetic")}";
}

/// <summary>A vector; lane 0 is at the lowest address.</summary>
internal sealed record VectorValue(ImmutableArray<ScriptValue> Lanes) : ScriptValue("v128")
{
    public override string ToString() => $"v128 [{string.Join(", ", Lanes)}]";
}

/// <summary>A null. As an argument the function's parameter says of which type.</summary>
internal sealed record NullValue(string Type) : ScriptValue(Type)
{
    public override string ToString() => $"{Type} null";
}

/// <summary>The host's object number <paramref name="Number"/>; the same number is the same object.</summary>
internal sealed record HostValue(string Type, long Number) : ScriptValue(Type)
{
    public override string ToString() => $"{Type} {Number}";
}

/// <summary>Expected only: any reference of that type but null.</summary>
internal sealed record SomeValue(string Type) : ScriptValue(Type)
{
    public override string ToString() => $"some {Type}";
}

/// <summary>Expected only: any one of several.</summary>
internal sealed record EitherValue(ImmutableArray<ScriptValue> Alternatives) : ScriptValue("either")
{
    public override string ToString() => $"either {string.Join(" or ", Alternatives)}";
}

/// <summary>A value of the component model. Functions of core modules neither take nor give one.</summary>
internal sealed record ComponentValue(string Type, string Json) : ScriptValue(Type)
{
    public override string ToString() => $"{Type} {Json} (a value of the component model)";
}

/// <summary>A value of a type that the schema doesn't list, or that can't be read.</summary>
internal sealed record UnknownValue(string Type, string Problem) : ScriptValue(Type)
{
    public override string ToString() => $"{Type}: {Problem}";
}
