using System.Diagnostics;

namespace HostService.Host.Observability;

/// <summary>The service's own activities: <c>compile</c>, <c>instantiate</c> and <c>invoke</c>. They cost nothing while nobody listens.</summary>
internal static class HostActivities
{
    public const string Name = "HostService";

    public static ActivitySource Source { get; } = new(Name);
}
