namespace HostService.Runtime.Execution.Calls;

/// <summary>Calls compiled code of one signature with values in memory.</summary>
/// <param name="code">The function's address.</param>
/// <param name="state">Its instance, or for a host function the caller's.</param>
/// <param name="arguments">The first argument; the rest follow. Their types were checked.</param>
/// <param name="results">Where the first result goes; the rest follow.</param>
internal delegate void EntryTrampoline(nint code, InstanceState state, ref Value arguments, ref Value results);
