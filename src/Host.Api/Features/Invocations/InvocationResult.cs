namespace HostService.Host.Features.Invocations;

/// <summary>What came of an invocation, and what it took.</summary>
/// <param name="Value">The result.</param>
/// <param name="Duration">From making the sandbox to the end of the guest.</param>
internal readonly record struct InvocationResult<T>(T Value, TimeSpan Duration);
