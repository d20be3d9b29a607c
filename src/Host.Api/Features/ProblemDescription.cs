using System.Collections.Immutable;
using HostService.Host.Errors;

namespace HostService.Host.Features;

/// <summary>Metadata of an endpoint: problems that it answers, for the API's description. Those that go with a <see cref="Tenants.RequiredRole"/> need not be named, nor a failure of the service.</summary>
/// <param name="Types">The problems.</param>
internal sealed record ProblemDescription(ImmutableArray<ProblemType> Types);

/// <summary>Gives endpoints their <see cref="ProblemDescription"/>.</summary>
internal static class ProblemDescriptionExtensions
{
    public static TBuilder Answers<TBuilder>(this TBuilder builder, params ImmutableArray<ProblemType> types)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ProblemDescription(types));
}
