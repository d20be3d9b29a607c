using System.Diagnostics.CodeAnalysis;

namespace HostService.Runtime.Execution.Calls;

/// <summary>Carries what a host function threw across the guest's frames to the embedder, who is given the original.</summary>
[SuppressMessage("Design", "CA1064", Justification = "Never seen outside the runtime.")]
internal sealed class HostCallException(Exception thrown) : Exception(thrown.Message, thrown);
