namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>One call of a WASI function: who calls, with which memory.</summary>
internal readonly ref struct GuestCall(WasiContext context, Store store, GuestMemory memory)
{
    /// <summary>The state of the guest.</summary>
    public WasiContext Context { get; } = context;

    /// <summary>The guest's Store, whose deadline long functions obey.</summary>
    public Store Store { get; } = store;

    /// <summary>The guest's memory.</summary>
    public GuestMemory Memory { get; } = memory;

    /// <summary>The call that a host function received.</summary>
    /// <exception cref="InvalidOperationException">The embedder attached no context to the Store.</exception>
    public static GuestCall Of(Caller caller)
    {
        var store = caller.Store;
        var context = store.GetExtension<WasiContext>() ?? throw new InvalidOperationException(
            "The guest calls WASI but its Store has no WasiContext; attach one with Store.SetExtension before calling the guest.");
        return new GuestCall(context, store, context.MemoryOf(caller));
    }

    /// <summary>Ends the guest when its deadline is reached or its embedder cancelled it. Functions that take long call it now and then.</summary>
    public void CheckInterrupts()
    {
        Context.Options.Cancellation.ThrowIfCancellationRequested();
        Store.CheckDeadline();
    }
}
