using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Tables;

/// <summary>One table.</summary>
/// <remarks>
/// A table that active segments fill with functions is made from an image: the function index of each element, computed once per module. Until an
/// element is read there is neither an array nor a reference, so a table of 10,000 elements costs an instance nothing. Not thread-safe, like its Store.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#table-instances">Spec: table instances</see>
/// </remarks>
internal sealed partial class TableInstance
{
    /// <summary>The elements as far as they are made: empty until one is read, then as long as the table. A null may stand for an element of the image.</summary>
    /// <remarks>Emitted code reads it: an element in range, not null and of the right signature can be called without asking further.</remarks>
    public RefSlot[] Elements = [];

    private readonly InstanceState? _owner;
    private readonly int[]? _image;
    private readonly Store _store;

    /// <summary>Makes a table whose elements are null or, as far as the image goes, the owner's functions.</summary>
    /// <param name="store">The Store it lives in.</param>
    /// <param name="type">Its type, canonical.</param>
    /// <param name="owner">The instance whose functions the image names; null without an image.</param>
    /// <param name="image">Function index by element, −1 for null; shared, never written. May be shorter than the table.</param>
    /// <exception cref="ResourceLimitException">The Store's limits leave no room.</exception>
    public TableInstance(Store store, TableType type, InstanceState? owner = null, int[]? image = null)
    {
        if (type.Limits.Minimum > (ulong)Array.MaxLength || !store.Resources.TryAddTableElements(type.Limits.Minimum))
        {
            throw new ResourceLimitException($"A table of {type.Limits.Minimum} elements is over the limit of {store.Limits.MaxTableElements} for the Store.");
        }

        (_store, Type, _owner, _image) = (store, type, owner, image);
        Length = (int)type.Limits.Minimum;
    }

    /// <summary>Its type, canonical; the minimum is what it was at the start.</summary>
    public TableType Type { get; }

    /// <summary>How many elements it has now.</summary>
    public int Length { get; private set; }

    /// <summary>Its type with the current length as the minimum, which is what imports are matched against.</summary>
    public TableType CurrentType => Type with { Limits = Type.Limits with { Minimum = (ulong)Length } };

    /// <summary>Reads an element.</summary>
    /// <param name="index">Which.</param>
    /// <param name="offset">The instruction, for the trap.</param>
    public object? Get(ulong index, int offset)
    {
        if (index >= (ulong)Length)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsTableAccess, offset);
        }

        return At((int)index);
    }

    /// <summary>Writes an element.</summary>
    /// <param name="index">Which.</param>
    /// <param name="value">A reference of the table's element type.</param>
    /// <param name="offset">The instruction, for the trap.</param>
    public void Set(ulong index, object? value, int offset)
    {
        if (index >= (ulong)Length)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsTableAccess, offset);
        }

        Materialize()[(int)index].Value = value ?? NullAt((int)index);
    }

    /// <summary>Adds elements.</summary>
    /// <returns>The previous length, or −1 when the maximum or the Store's limits forbid it; the table is then unchanged.</returns>
    public long Grow(object? value, ulong delta)
    {
        var previous = Length;
        PollFirst((ulong)previous, offset: null);
        var maximum = Math.Min(Type.Limits.Maximum ?? ulong.MaxValue, (ulong)Array.MaxLength);
        if (delta > maximum - (ulong)previous || !_store.Resources.TryAddTableElements(delta))
        {
            return -1;
        }

        if (Elements.Length > 0 || (value is not null && delta > 0))
        {
            Materialize();
            Array.Resize(ref Elements, previous + (int)delta);
            Elements.AsSpan(previous).Fill(new RefSlot { Value = value });
        }

        Length = previous + (int)delta;
        return previous;
    }

    /// <summary>What an indirect call with this index calls, once the fast path in emitted code had no answer.</summary>
    /// <param name="index">Which element.</param>
    /// <param name="typeId">The canonical type that the call expects.</param>
    /// <param name="offset">The instruction, for the trap.</param>
    public FuncRef ResolveCall(ulong index, int typeId, int offset)
    {
        if (index >= (ulong)Length)
        {
            throw Traps.Trap(TrapCode.UndefinedElement, offset);
        }

        if (At((int)index) is not FuncRef function)
        {
            throw Traps.Trap(TrapCode.UninitializedElement, offset);
        }

        return _store.Engine.Signatures.IsSubtype(function.Signature, typeId)
            ? function
            : throw Traps.Trap(TrapCode.IndirectCallTypeMismatch, offset);
    }

    // The element at an index within the table; made from the image if it was never touched.
    private object? At(int index)
    {
        var elements = Materialize();
        var value = elements[index].Value;
        if (value is null)
        {
            if (_image is { } image && index < image.Length && image[index] >= 0)
            {
                return elements[index].Value = _owner!.FunctionRef(image[index]);
            }

            return null;
        }

        return ReferenceEquals(value, FuncRef.NullElement) ? null : value;
    }

    private RefSlot[] Materialize()
    {
        if (Elements.Length != Length)
        {
            Elements = new RefSlot[Length];
        }

        return Elements;
    }

    // What stands for null at an index: where the image has a function, a plain null would be taken for "not made yet".
    private FuncRef? NullAt(int index) => _image is { } image && index < image.Length && image[index] >= 0 ? FuncRef.NullElement : null;
}
