namespace HostService.Runtime.Execution.Interruption;

/// <summary>Takes a loop from its interruption back to where it was. Thrown and caught by the same method, so nobody else sees it.</summary>
/// <remarks>See docs/adr/0080: RyuJIT keeps blocks that throw away from the loop's code and registers, and does not do so for a call that returns.</remarks>
internal sealed class Resumption : Exception;
