namespace HostService.Host.Features.Modules;

/// <summary>Uploading, describing and removing modules.</summary>
internal static class ModulesFeature
{
    public static IServiceCollection AddModules(this IServiceCollection services) => services
        .AddSingleton<ModuleArtifacts>()
        .AddHostedService(provider => provider.GetRequiredService<ModuleArtifacts>())
        .AddSingleton<ReleasedCode>()
        .AddHostedService(provider => provider.GetRequiredService<ReleasedCode>())
        .AddSingleton<ModuleAdmission>()
        .AddSingleton<OptimizationWatch>()
        .AddSingleton<ModuleCompiler>()
        .AddSingleton<CompiledModules>()
        .AddSingleton<ModuleCatalog>()
        .AddSingleton<SampleModule>()
        .AddHostedService<ModuleWarmUp>()
        .AddHostedService<ModuleUseNotes>();

    public static void MapModules(this IEndpointRouteBuilder app)
    {
        var modules = app.MapGroup("/v1/modules").WithTags("Modules");
        UploadModule.Map(modules);
        ListModules.Map(modules);
        GetModule.Map(modules);
        PatchModule.Map(modules);
        PrepareModule.Map(modules);
        DeleteModule.Map(modules);
    }
}
