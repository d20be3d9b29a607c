using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>Checks and converts values at the border between host and guests: the host sees <see cref="Func"/> where guests see <see cref="FuncRef"/>.</summary>
internal static class FuncValues
{
    /// <summary>Makes values from the host what guests expect.</summary>
    /// <param name="values">The values, converted in place.</param>
    /// <param name="types">What they must be.</param>
    /// <param name="store">The Store of the guest.</param>
    /// <param name="role">"argument" or "result", for the message.</param>
    /// <exception cref="ArgumentException">A value has another type, is null where null isn't allowed, or belongs to another Store.</exception>
    public static void ToGuest(Span<Value> values, ReadOnlySpan<ValueType> types, Store store, string role)
    {
        if (values.Length != types.Length)
        {
            throw new ArgumentException($"There must be {types.Length} {role}s, not {values.Length}.");
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ToGuest(values[i], types[i], store, role, i);
        }
    }

    /// <inheritdoc cref="ToGuest(Span{Value}, ReadOnlySpan{ValueType}, Store, string)"/>
    public static Value ToGuest(in Value value, ValueType type, Store store, string role, int index)
    {
        if (value.KindTag != type.Kind)
        {
            throw new ArgumentException($"{role} {index} is {(value.KindTag == ValueKind.None ? "unset" : value.KindTag)}, expected {type}.");
        }

        if (!type.IsRef)
        {
            return value;
        }

        if (value.Ref is null)
        {
            return type.IsNullable ? value : throw new ArgumentException($"{role} {index} is null, expected {type}.");
        }

        var reference = value.Ref is Func function && !IsExternal(type.HeapType) ? function.ReferenceIn(store)
            : type.HeapType.Kind == HeapKind.Any ? Intrinsics.Internalize(value.Ref, store.Engine)!
            : value.Ref;
        return References.Matches(reference, type, store.Engine)
            ? Value.FromRef(reference)
            : throw new ArgumentException($"{role} {index} is {value.Ref.GetType().Name}, which is no {type}.");
    }

    /// <summary>Makes values from a guest what the host sees, in place.</summary>
    public static void ToHost(Span<Value> values, ReadOnlySpan<ValueType> types, Store store)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ToHost(ref values[i], types[i], store);
        }
    }

    /// <inheritdoc cref="ToHost(Span{Value}, ReadOnlySpan{ValueType}, Store)"/>
    public static void ToHost(ref Value value, ValueType type, Store store)
    {
        if (type.IsRef && value.Ref is FuncRef reference && !IsExternal(type.HeapType))
        {
            value.Ref = new Func(store, reference);
        }
        else if (value.Ref is HostReference host)
        {
            value.Ref = host.Value;
        }
    }

    private static bool IsExternal(HeapType type) => type.Kind is HeapKind.Extern or HeapKind.NoExtern;
}
