namespace HostService.Runtime.Interpretation;

/// <summary>A call between interpreted functions that has not returned.</summary>
internal unsafe struct CallRecord
{
    /// <summary>Where the caller goes on. The step before it is the call.</summary>
    public Step* ReturnTo;

    /// <summary>The caller's frame.</summary>
    public ulong* CallerFrame;

    /// <summary>What was called.</summary>
    public InterpretedFunction* Function;
}
