namespace HostService.Host.Features.CoreDumps;

/// <summary>Core dumps of guests that trapped: switched on by a setting, kept in the data directory, fetched by id.</summary>
internal static class CoreDumpsFeature
{
    public static IServiceCollection AddCoreDumps(this IServiceCollection services)
    {
        return services.AddSettings<CoreDumpOptions>(CoreDumpOptions.Section)
            .AddSingleton<CoreDumpFolder>()
            .AddSingleton<CoreDumpRecorder>();
    }

    public static void MapCoreDumps(this IEndpointRouteBuilder app)
    {
        var dumps = app.MapGroup("/v1/core-dumps").WithTags("Core dumps");
        ListCoreDumps.Map(dumps);
        GetCoreDump.Map(dumps);
        DeleteCoreDump.Map(dumps);
    }
}
