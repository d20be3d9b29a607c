using System.Collections.Immutable;
using System.Diagnostics;
using OpenTelemetry;

namespace HostService.Host.Observability;

/// <summary>Passes on the activities of one host. Sources are listened to by name, so those of every host in the process come along (docs/adr/0070).</summary>
/// <param name="sources">The host's own sources.</param>
/// <param name="next">Where its activities go.</param>
internal sealed class OwnActivities(ImmutableArray<ActivitySource> sources, BaseProcessor<Activity> next) : CompositeProcessor<Activity>([next])
{
    public override void OnStart(Activity data)
    {
        if (sources.Contains(data.Source))
        {
            base.OnStart(data);
        }
    }

    public override void OnEnd(Activity data)
    {
        if (sources.Contains(data.Source))
        {
            base.OnEnd(data);
        }
    }
}
