using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime.Execution;

/// <summary>What a Store must give back: pooled memories and its hold on modules. Also counts what the Store uses against its limits.</summary>
/// <remarks>
/// The Engine keeps these and lends each Store one. A lent one is referenced by its Store alone, so when a Store is dropped without being disposed this
/// object's finalizer runs and gives the resources back; when it is disposed this object is simply used again. Stores themselves then need
/// no finalizer, which would cost more than all the rest of making one.
/// </remarks>
internal sealed unsafe class StoreResources(Engine engine) : IMemoryLimiter
{
    /// <summary>How many references a loop may have saved.</summary>
    public const int MaxSavedReferences = 16;

    private readonly List<LinearMemory> _memories = new(capacity: 1); // its array is made here, with the rest
    private StoreLimits _limits = StoreLimits.Default;
    private InterpreterStack? _interpreterStack; // made when a function is first interpreted, and kept for the next Store
    private HeapMeter? _heap;           // made when a guest first allocates

    ~StoreResources()
    {
        // Null when making it failed.
        if (Control is not null)
        {
            Release();
            engine.ControlBlocks.Remove(Control);
        }
    }

    public ModuleRegistry Modules { get; } = new();

    /// <summary>What makes the Store's guests stop, and where a loop leaves its locals while the deadline is looked at. As long as this is not finalized.</summary>
    public ControlBlock* Control { get; } = engine.ControlBlocks.Add();

    /// <summary>Where a loop leaves its references.</summary>
    public RefSlot[] SavedReferences { get; } = new RefSlot[MaxSavedReferences];

    /// <summary>Where untyped calls keep their values.</summary>
    public ValueStack Values { get; } = new();

    /// <summary>Nothing.</summary>
    /// <remarks>
    /// The last to be made and never written: it keeps the objects before it, which are written for every Store, out of the cache lines of the next
    /// <see cref="StoreResources"/>, which another processor writes.
    /// </remarks>
    public byte[] Padding { get; } = new byte[128];

    public ulong MemoryBytes { get; private set; }

    public ulong PeakMemoryBytes { get; private set; }

    public ulong TableElements { get; private set; }

    public int Instances { get; set; }

    /// <summary>Whether guest code or the start of an instance may have written memory since the last release.</summary>
    public bool GuestRan { get; set; }

    /// <summary>Counts what guests allocate on the CLR's heap.</summary>
    public HeapMeter Heap => _heap ??= new HeapMeter();

    public void Lend(StoreLimits limits) => _limits = limits;

    /// <summary>How many activations of the interpreter there are.</summary>
    public int InterpreterDepth => _interpreterStack?.Depth ?? 0;

    /// <summary>The frames of interpreted functions.</summary>
    /// <param name="sizeBytes">How much they may take.</param>
    public InterpreterStack InterpreterStack(int sizeBytes)
    {
        if (_interpreterStack?.SizeBytes != Interpretation.InterpreterStack.SizeFor(sizeBytes))
        {
            _interpreterStack?.Free();
            _interpreterStack = new InterpreterStack(sizeBytes);
        }

        return _interpreterStack;
    }

    /// <summary>Keeps a memory until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">It is a shared one that all others have let go.</exception>
    public void Own(LinearMemory memory)
    {
        ObjectDisposedException.ThrowIf(memory.IsShared && !memory.TryHold(), memory);
        _memories.Add(memory);
    }

    string IMemoryLimiter.Limit => MemoryBytes == 0
        ? $"the Store's limit of {_limits.MaxMemoryBytes} bytes for its memories"
        : $"the Store's limit of {_limits.MaxMemoryBytes} bytes for its memories, of which {MemoryBytes} are taken";

    public bool TryGrow(ulong currentBytes, ulong desiredBytes, ulong? maximumBytes)
    {
        var more = desiredBytes - currentBytes;
        if (more > _limits.MaxMemoryBytes || MemoryBytes > _limits.MaxMemoryBytes - more)
        {
            return false;
        }

        MemoryBytes += more;
        PeakMemoryBytes = Math.Max(PeakMemoryBytes, MemoryBytes);
        return true;
    }

    public void GrowFailed(ulong currentBytes, ulong desiredBytes) => MemoryBytes -= desiredBytes - currentBytes;

    /// <summary>Counts table elements; false when there would be too many.</summary>
    public bool TryAddTableElements(ulong more)
    {
        if (more > _limits.MaxTableElements || TableElements > _limits.MaxTableElements - more)
        {
            return false;
        }

        TableElements += more;
        return true;
    }

    /// <summary>Gives everything back. Afterwards this may be lent again.</summary>
    public void Release()
    {
        // The pool outlives its memories only while the process lives on; a finalizer may run after the Engine is gone, when there is nothing to give back to.
        foreach (var memory in _memories)
        {
            if (memory.LetGo())
            {
                engine.Memories.Return(memory, unwritten: !GuestRan && !memory.IsShared);
            }
        }

        _memories.Clear();
        Modules.Clear();
        _heap?.Clear();
        Values.Reset();
        if (GuestRan)
        {
            Array.Clear(SavedReferences);
        }

        Control->Reset();
        (MemoryBytes, PeakMemoryBytes, TableElements, Instances, GuestRan) = (0, 0, 0, 0, false);
    }
}
