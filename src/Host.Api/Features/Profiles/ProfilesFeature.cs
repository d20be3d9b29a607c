namespace HostService.Host.Features.Profiles;

/// <summary>Profiles of invocations: asked for by a header, kept for a while, fetched by id.</summary>
internal static class ProfilesFeature
{
    public static IServiceCollection AddProfiles(this IServiceCollection services)
    {
        return services.AddSettings<ProfileOptions>(ProfileOptions.Section).AddSingleton<ProfileStore>();
    }

    public static void MapProfiles(this IEndpointRouteBuilder app)
    {
        var profiles = app.MapGroup("/v1/profiles").WithTags("Profiles");
        ListProfiles.Map(profiles);
        GetProfile.Map(profiles);
    }
}
