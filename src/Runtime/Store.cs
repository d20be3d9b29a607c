using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.Profiling;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime;

/// <summary>A sandbox: the instances of one request, and everything they can reach.</summary>
/// <remarks>
/// Cheap to make and meant to be short-lived: make one for each request and dispose it. One thread at a time may use a Store and what belongs to it;
/// which thread may change between calls. Disposing gives the memories back to the Engine's pool with nothing readable left in them; a
/// Store that is never disposed gives them back when it is collected.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#store">Spec: store</see>
/// </remarks>
public sealed unsafe partial class Store : IDisposable
{
    // Emitted code reads the next two directly.

    /// <summary>Where functions with several results leave all but the first. Long enough for every function of the Store's instances.</summary>
    internal ResultSlot[] Results = [];

    /// <summary>Where a loop leaves its references while the deadline is looked at, <see cref="StoreResources.MaxSavedReferences"/> long. Numbers go to <see cref="Control"/>.</summary>
    internal readonly RefSlot[] SavedReferences;

    /// <summary>What makes guests stop. Another Store's after this one was disposed.</summary>
    internal readonly ControlBlock* Control;

    /// <summary>What the stubs of host functions call: the Engine's, or while the Store is profiled a view of those.</summary>
    internal HostTargetTable HostTargets;

    /// <summary>How many more bytes guests may allocate until an object is remembered for <see cref="Execution.Heap.HeapMeter"/>. At first none, so that the first one is.</summary>
    internal long HeapDistance;

    private readonly StoreResources _resources;
    private ulong _deadline = ulong.MaxValue;
    private ulong _peakMemoryBytes; // once disposed
    private ProfileRecorder? _profile;
    private object?[] _extensions = [];
    private InstanceState? _hostState;
    private Func<Store, ulong?>? _onDeadline;

    /// <summary>Makes an empty Store.</summary>
    /// <param name="engine">The Engine whose modules it will hold.</param>
    /// <param name="limits">What it may use; null for <see cref="StoreLimits.Default"/>.</param>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    public Store(Engine engine, StoreLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
        Limits = limits ?? StoreLimits.Default;
        _resources = engine.RentStoreResources(Limits);
        Control = _resources.Control;
        HostTargets = engine.HostTargets;
        SavedReferences = _resources.SavedReferences;
    }

    /// <summary>The Engine given when the Store was made.</summary>
    public Engine Engine { get; }

    /// <summary>The limits given when the Store was made.</summary>
    public StoreLimits Limits { get; }

    /// <summary>Anything the embedder wants host functions to find; null at first.</summary>
    public object? Data { get; set; }

    /// <summary>How many bytes the Store's memories have now; 0 once the Store is disposed.</summary>
    public ulong MemoryBytes => IsDisposed ? 0 : _resources.MemoryBytes;

    /// <summary>The most bytes that the Store's memories had so far. A memory only grows, so this equals <see cref="MemoryBytes"/> until the Store is disposed, and stays then.</summary>
    public ulong PeakMemoryBytes => IsDisposed ? _peakMemoryBytes : _resources.PeakMemoryBytes;

    /// <summary>The same as <see cref="Control"/>.</summary>
    internal nint ControlAddress => (nint)Control;

    /// <summary>Which modules have code in this Store, by code address.</summary>
    internal ModuleRegistry Modules => _resources.Modules;

    /// <summary>Stands for the host where a caller is asked for.</summary>
    internal InstanceState HostState => _hostState ??= new InstanceState { Store = this, Control = ControlAddress };

    internal StoreResources Resources => _resources;

    /// <summary>Where untyped calls keep their values.</summary>
    /// <exception cref="ObjectDisposedException">The Store is disposed: it is another one's now.</exception>
    internal ValueStack Values
    {
        get
        {
            ThrowIfDisposed();
            return _resources.Values;
        }
    }

    /// <summary>The frames of interpreted functions.</summary>
    internal InterpreterStack InterpreterStack => _resources.InterpreterStack(Limits.MaxStackBytes);

    /// <summary>How many activations of the interpreter there are.</summary>
    internal int InterpreterDepth => _resources.InterpreterDepth;

    /// <summary>How deeply calls from the host into guests are nested now.</summary>
    internal int EntryDepth { get; set; }

    /// <summary>Interrupts guests once the Engine's epoch has advanced this often from now.</summary>
    /// <param name="ticksBeyondCurrent">
    /// How many calls of <see cref="Engine.IncrementEpoch"/> from now on; 0 interrupts at the next check. <see cref="ulong.MaxValue"/> stands for never, which is the default.
    /// </param>
    public void SetEpochDeadline(ulong ticksBeyondCurrent)
    {
        var now = Engine.CurrentEpoch;
        _deadline = ticksBeyondCurrent > ulong.MaxValue - now ? ulong.MaxValue : now + ticksBeyondCurrent;
        if (IsDisposed)
        {
            return;
        }

        Control->Deadline = _deadline;
        if (EntryDepth > 0)
        {
            Control->Withdraw();
            if (IsInterruptionDue)
            {
                Control->Request();
            }
        }
    }

    /// <summary>Sets what decides when the deadline is reached: more ticks, or null to trap with <see cref="TrapCode.Interrupted"/>.</summary>
    /// <param name="callback">Runs on the guest's thread, in the middle of guest code; it must not call into the Store's instances. Null restores the default, to trap.</param>
    public void OnEpochDeadline(Func<Store, ulong?>? callback) => _onDeadline = callback;

    /// <summary>Does what the checks in guest code do: when the deadline is reached, asks <see cref="OnEpochDeadline"/>'s callback or traps.</summary>
    /// <remarks>For host functions that take long, which should call it every few milliseconds. The trap must be let through to the guest.</remarks>
    /// <exception cref="TrapException">The deadline is reached: <see cref="TrapCode.Interrupted"/>.</exception>
    /// <exception cref="ObjectDisposedException">The Store is disposed: what it would look at is another one's.</exception>
    public void CheckDeadline()
    {
        ThrowIfDisposed();
        if (IsInterruptionDue)
        {
            DeadlineReached(offset: null);
        }
    }

    /// <summary>An object of a type that was attached by <see cref="SetExtension{T}"/>, or null.</summary>
    public T? GetExtension<T>()
        where T : class
    {
        foreach (var extension in _extensions)
        {
            if (extension is T found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Attaches an object for host functions to find by its type, in place of an earlier one of the same type.</summary>
    public void SetExtension<T>(T extension)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(extension);
        for (var i = 0; i < _extensions.Length; i++)
        {
            if (_extensions[i] is T)
            {
                _extensions[i] = extension;
                return;
            }
        }

        _extensions = [.. _extensions, extension];
    }

    /// <summary>Gives the Store's memories back. Its instances can't be used any more; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A guest of this Store is running.</exception>
    public void Dispose()
    {
        if (EntryDepth != 0)
        {
            throw new InvalidOperationException("A Store can't be disposed while one of its functions runs.");
        }

        if (!IsDisposed)
        {
            _peakMemoryBytes = _resources.PeakMemoryBytes;
            IsDisposed = true;
            _profile?.Stop();
            Engine.ReturnStoreResources(_resources);
            GC.KeepAlive(this);
        }
    }

    internal bool IsDisposed { get; private set; }

    /// <summary>Whether a profile waits for a sample.</summary>
    internal bool IsSampleRequested => Volatile.Read(ref Control->SampleRequested) != 0;

    /// <summary>Whether there is a reason to call <see cref="DeadlineReached"/>.</summary>
    internal bool IsInterruptionDue => Engine.CurrentEpoch >= _deadline || IsSampleRequested;

    /// <summary>Whether guests may be interrupted by the epoch.</summary>
    internal bool HasDeadline => _deadline != ulong.MaxValue;

    /// <summary>What samples the Store's guests, or null. Set and reset by its owner, while no guest runs or on the guest's thread.</summary>
    internal ProfileRecorder? Profile
    {
        get => _profile;
        set
        {
            _profile = value;
            TakeSampleRequest();
        }
    }

    /// <summary>Throws when the Store was disposed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <summary>The epoch deadline was reached: extends it or traps. Or a profile asked for a sample: takes it.</summary>
    /// <param name="offset">The instruction, as an offset in bytes from the start of the binary; null where the host asks.</param>
    internal void DeadlineReached(long? offset)
    {
        Control->Withdraw();
        if (IsSampleRequested)
        {
            TakeSample(offset);
        }

        if (Engine.CurrentEpoch < _deadline)
        {
            return;
        }

        // Until there is a later deadline, whatever comes of the callback or the trap.
        Control->Request();
        if (_onDeadline?.Invoke(this) is { } more)
        {
            SetEpochDeadline(more);
            return;
        }

        throw new TrapException(TrapCode.Interrupted, offset);
    }

    /// <summary>Answers a profile's request for a sample.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void TakeSample(long? offset)
    {
        TakeSampleRequest();
        _profile?.Take(offset);
    }

    /// <summary>Asks the guest for a sample, by any thread. Without an answer when the Store is disposed meanwhile.</summary>
    internal void RequestSample()
    {
        Volatile.Write(ref Control->SampleRequested, 1);
        Control->Request();
    }

    private void TakeSampleRequest()
    {
        if (!IsDisposed)
        {
            Volatile.Write(ref Control->SampleRequested, 0);
        }
    }

    /// <summary>Makes <see cref="Results"/> long enough for functions with this many results.</summary>
    internal void ReserveResults(int count)
    {
        if (count - 1 > Results.Length)
        {
            Array.Resize(ref Results, count - 1);
        }
    }
}
