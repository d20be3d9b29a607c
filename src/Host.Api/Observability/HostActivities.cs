using System.Diagnostics;

namespace HostService.Host.Observability;

/// <summary>The service's own activities: <c>compile</c>, <c>load</c>, <c>instantiate</c> and <c>invoke</c>. They cost nothing while nobody listens.</summary>
/// <remarks>One for each host, so that a host knows its own from those of another in the same process.</remarks>
internal sealed class HostActivities : IDisposable
{
    public const string Name = "HostService";

    public ActivitySource Source { get; } = new(Name);

    public void Dispose() => Source.Dispose();
}
