using System.Collections.Immutable;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>An exception that a guest threw: what <c>throw</c> makes, what an <c>exnref</c> refers to, and what reaches the embedder when no guest catches it.</summary>
/// <remarks>
/// A host function may throw one for guests to catch. It is the reference itself, so catching and throwing it again allocates nothing. Not thread-safe, like the Store it arose in.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#exception-instances">Spec: exception instances</see>
/// </remarks>
public sealed class GuestException : WasmException
{
    // Emitted code reads and writes these by place: numbers first to last, a vector taking two; references first to last.
    internal readonly TagInstance Tag;
    internal readonly ulong[] Numbers;
    internal readonly RefSlot[] References;

    /// <summary>Makes an exception for a host function to throw.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="payload">As many values as the tag's type has parameters, of their types.</param>
    /// <exception cref="ArgumentException">The payload doesn't fit the tag.</exception>
    public GuestException(Tag tag, params ReadOnlySpan<Value> payload)
        : this((tag ?? throw new ArgumentNullException(nameof(tag))).Instance)
    {
        var values = payload.ToArray();
        FuncValues.ToGuest(values, TagType.Type.Parameters.AsSpan(), tag.Store, "payload value");
        var (number, reference) = (0, 0);
        foreach (var value in values)
        {
            if (value.Kind == ValueKind.Ref)
            {
                References[reference++].Value = value.Ref;
                continue;
            }

            Numbers[number++] = value.Low;
            if (value.Kind == ValueKind.V128)
            {
                Numbers[number++] = value.High;
            }
        }
    }

    internal GuestException(TagInstance tag)
        : base("wasm exception")
    {
        Tag = tag;
        Numbers = tag.PayloadNumbers == 0 ? [] : new ulong[tag.PayloadNumbers];
        References = tag.PayloadReferences == 0 ? [] : new RefSlot[tag.PayloadReferences];
    }

    /// <summary>The type of its tag.</summary>
    public TagType TagType => Tag.Type;

    /// <summary>Whether it was thrown with this tag.</summary>
    public bool Is(Tag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return ReferenceEquals(Tag, tag.Instance);
    }

    /// <summary>Its payload, by the parameters of its tag's type.</summary>
    /// <param name="store">The Store that it arose in.</param>
    public ImmutableArray<Value> Payload(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var values = ImmutableArray.CreateBuilder<Value>(TagType.Type.Parameters.Length);
        var (number, reference) = (0, 0);
        foreach (var type in TagType.Type.Parameters)
        {
            var value = type.IsRef ? Value.FromRef(References[reference++].Value) : new Value { KindTag = type.Kind, Low = Numbers[number++] };
            if (type.Kind == ValueKind.V128)
            {
                value.High = Numbers[number++];
            }

            FuncValues.ToHost(ref value, type, store);
            values.Add(value);
        }

        return values.MoveToImmutable();
    }
}
