using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A table of a Store.</summary>
/// <remarks>Not thread-safe, like its Store. <see href="https://webassembly.github.io/spec/core/exec/runtime.html#table-instances">Spec: table instances</see></remarks>
public sealed class Table : Extern
{
    internal Table(Store store, TableInstance table)
        : base(store) => Instance = table;

    /// <summary>Makes a table of the host, for modules to import.</summary>
    /// <param name="store">The Store it is to live in.</param>
    /// <param name="type">Its type.</param>
    /// <param name="initial">What each element is at first.</param>
    /// <exception cref="ArgumentException"><paramref name="initial"/> is no value of the element type, or no module could declare a table of this type.</exception>
    /// <exception cref="ResourceLimitException">The Store's limits leave no room.</exception>
    public Table(Store store, TableType type, Value initial)
        : base(store ?? throw new ArgumentNullException(nameof(store)))
    {
        ArgumentNullException.ThrowIfNull(type);
        type.ThrowIfInvalid(nameof(type));
        store.ThrowIfDisposed();
        var element = FuncValues.ToGuest(initial, type.ElementType, store, "element", 0).Ref;
        Instance = new TableInstance(store, type);
        if (element is not null)
        {
            Instance.Fill(0, element, type.Limits.Minimum, 0);
        }
    }

    /// <summary>Its type; the minimum is the current length.</summary>
    public new TableType Type => Instance.CurrentType;

    /// <summary>How many elements it has.</summary>
    public int Length => Instance.Length;

    /// <summary>Reads or writes an element: a <see cref="Func"/>, another reference, or null.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ArgumentException">The value is none of the element type.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public Value this[int index]
    {
        get
        {
            CheckIndex(index);
            var value = Value.FromRef(Instance.Get((ulong)index, 0));
            FuncValues.ToHost(ref value, Instance.Type.ElementType, Store);
            return value;
        }

        set
        {
            CheckIndex(index);
            Instance.Set((ulong)index, FuncValues.ToGuest(value, Instance.Type.ElementType, Store, "element", index).Ref, 0);
        }
    }

    internal TableInstance Instance { get; }

    private protected override ExternType ExternType => ExternType.From(Type);

    /// <summary>Adds elements.</summary>
    /// <param name="delta">How many.</param>
    /// <param name="value">What each is.</param>
    /// <returns>The previous length, or −1 if its maximum or the Store's limits would be passed; the table is then unchanged.</returns>
    /// <exception cref="ArgumentException">The value is none of the element type.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public long Grow(int delta, Value value)
    {
        Store.ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        return Instance.Grow(FuncValues.ToGuest(value, Instance.Type.ElementType, Store, "element", 0).Ref, (ulong)delta);
    }

    private void CheckIndex(int index)
    {
        Store.ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Instance.Length);
    }
}
