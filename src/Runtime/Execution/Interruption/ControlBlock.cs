using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>What a Store's guests look at to know whether they may go on, and what other threads write to stop them.</summary>
/// <remarks>
/// <para>Loops test <see cref="Requested"/> and functions compare <see cref="StackLimit"/>, so that neither reads the epoch nor the deadline: whoever advances the epoch finds the Stores whose
/// deadline it reaches, and sets both fields. Outside of the CLR's heap, so that it lies in cache lines of its own and emitted code keeps its address in a register without telling the collector.</para>
/// <para>Only the Store's thread takes a request back (<see cref="Enter"/>, <see cref="Withdraw"/>), and it looks at the reasons afterwards. Others write a reason (the epoch, <see cref="SampleRequested"/>)
/// and then the request. So a request may come without a reason, which costs a look, and a reason is never overlooked. See docs/adr/0088.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SavedOffset + (MaxSaved * sizeof(ulong)))]
internal struct ControlBlock
{
    // Emitted code knows these.
    public const int StackLimitOffset = 8;
    public const int LowestAddressOffset = 16;
    public const int SavedOffset = 64;

    /// <summary>How many numbers a loop may have saved; a vector counts as two.</summary>
    public const int MaxSaved = 64;

    /// <summary>What emitted code that need not stop finds in <see cref="Requested"/>.</summary>
    private const int NotRequested = 0;

    /// <summary>Whether loops are to call <see cref="Store.DeadlineReached"/>: other than 0.</summary>
    [FieldOffset(0)]
    public int Requested;

    /// <summary>The lowest address that the stack may reach without a call of <see cref="Interrupts.EntryRefused"/>: <see cref="LowestAddress"/>, or the highest there is while that is requested.</summary>
    [FieldOffset(StackLimitOffset)]
    public nuint StackLimit;

    /// <summary>The lowest stack address that guests may reach. Set when the host calls a guest.</summary>
    [FieldOffset(LowestAddressOffset)]
    public nuint LowestAddress;

    /// <summary>The epoch from which on guests are to be interrupted.</summary>
    [FieldOffset(24)]
    public ulong Deadline;

    /// <summary>Whether a profile asks for a sample: other than 0.</summary>
    [FieldOffset(32)]
    public int SampleRequested;

    /// <summary>Its place in <see cref="ControlBlocks"/>, whose lock guards it.</summary>
    [FieldOffset(36)]
    public int Index;

    /// <summary>The first of the places where a loop leaves its locals while the deadline is looked at.</summary>
    [FieldOffset(SavedOffset)]
    public ulong FirstSaved;

    /// <summary>Forgets the Store before.</summary>
    public void Reset()
    {
        LowestAddress = StackLimit = nuint.MaxValue;
        Deadline = ulong.MaxValue;
        (Requested, SampleRequested) = (NotRequested, 0);
    }

    /// <summary>Begins a call of a guest by the host, by the Store's thread.</summary>
    /// <param name="lowestAddress">How far down the stack may reach.</param>
    /// <param name="engine">The Store's Engine.</param>
    public void Enter(nuint lowestAddress, Engine engine)
    {
        LowestAddress = lowestAddress;
        Volatile.Write(ref StackLimit, lowestAddress);
        Volatile.Write(ref Requested, NotRequested);

        // No barrier here, where it would cost more than the rest of the call: Engine.IncrementEpoch has one for all processors, between advancing the epoch and looking for deadlines.
        if (engine.CurrentEpoch >= Deadline)
        {
            Request();
        }
    }

    /// <summary>Has the guest call <see cref="Store.DeadlineReached"/> soon. By any thread.</summary>
    public void Request()
    {
        Volatile.Write(ref Requested, 1);
        Volatile.Write(ref StackLimit, nuint.MaxValue);
    }

    /// <summary>Takes requests back, by the Store's thread, which must look at the reasons for one afterwards.</summary>
    public void Withdraw()
    {
        Volatile.Write(ref StackLimit, LowestAddress);
        Volatile.Write(ref Requested, NotRequested);
        Interlocked.MemoryBarrier();
    }
}
