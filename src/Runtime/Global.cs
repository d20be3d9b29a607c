using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A global variable of a Store.</summary>
/// <remarks>Not thread-safe, like its Store. <see href="https://webassembly.github.io/spec/core/exec/runtime.html#global-instances">Spec: global instances</see></remarks>
public sealed class Global : Extern
{
    internal Global(Store store, GlobalCell cell)
        : base(store) => Cell = cell;

    /// <summary>Makes a global of the host, for modules to import.</summary>
    /// <param name="store">The Store it is to live in.</param>
    /// <param name="type">Its type.</param>
    /// <param name="value">Its first value.</param>
    /// <exception cref="ArgumentException">The value is none of its type.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed.</exception>
    public Global(Store store, GlobalType type, Value value)
        : base(store ?? throw new ArgumentNullException(nameof(store)))
    {
        ArgumentNullException.ThrowIfNull(type);
        store.ThrowIfDisposed();
        Cell = type.Type.IsRef ? new GlobalCell(type, [], new RefSlot[1], 0) : new GlobalCell(type, new ulong[2], [], 0);
        GlobalAccess.Write(Cell, FuncValues.ToGuest(value, type.Type, store, "value", 0));
    }

    /// <summary>Its type.</summary>
    public new GlobalType Type => Cell.Type;

    /// <summary>Its value.</summary>
    /// <exception cref="InvalidOperationException">Set: it is immutable.</exception>
    /// <exception cref="ArgumentException">Set: the value is none of its type.</exception>
    public Value Value
    {
        get
        {
            var value = GlobalAccess.Read(Cell);
            FuncValues.ToHost(ref value, Cell.Type.Type, Store);
            return value;
        }

        set
        {
            if (!Cell.Type.IsMutable)
            {
                throw new InvalidOperationException("The global is immutable.");
            }

            GlobalAccess.Write(Cell, FuncValues.ToGuest(value, Cell.Type.Type, Store, "value", 0));
        }
    }

    internal GlobalCell Cell { get; }

    private protected override ExternType ExternType => ExternType.From(Type);
}
