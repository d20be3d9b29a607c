using HostService.Host.Features.Invocations.Json;
using HostService.Host.Features.Invocations.Threads;

namespace HostService.Host.Features.Invocations;

/// <summary>Running functions.</summary>
internal static class InvocationsFeature
{
    public static IServiceCollection AddInvocations(this IServiceCollection services)
    {
        return services
            .AddSettings<ExecutionLimits>(ExecutionLimits.Section)
            .AddSingleton<BufferBudget>()
            .AddSingleton<RequestBodies>()
            .AddSingleton<GuestThreads>()
            .AddSingleton<QuickCalls>()
            .AddHostedService<EpochTicker>()
            .AddSingleton<Sandbox>()
            .AddSingleton<Invoker>()
            .AddSingleton<InvokeFunction>()
            .AddSingleton<HttpFunction>();
    }

    public static void MapInvocations(this IEndpointRouteBuilder app)
    {
        // Found once: as parameters of the handlers they would have each request make a scope of services.
        app.ServiceProvider.GetRequiredService<InvokeFunction>().Map(app.MapGroup("/v1/modules").WithTags("Invocations"));
        app.ServiceProvider.GetRequiredService<HttpFunction>().Map(app);
    }
}
