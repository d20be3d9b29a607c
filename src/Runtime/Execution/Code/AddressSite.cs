namespace HostService.Runtime.Execution.Code;

/// <summary>What can happen at a place of a compiled function.</summary>
internal enum AddressSiteKind : byte
{
    /// <summary>Another function runs.</summary>
    Call,

    /// <summary>The processor faults.</summary>
    Access,
}

/// <summary>A place of a compiled function where a trap can find it.</summary>
/// <param name="ILOffset">The IL offset just after it.</param>
/// <param name="Offset">The instruction, in bytes from the start of the binary.</param>
/// <param name="Kind">What can happen there.</param>
internal readonly record struct AddressSite(int ILOffset, int Offset, AddressSiteKind Kind);
