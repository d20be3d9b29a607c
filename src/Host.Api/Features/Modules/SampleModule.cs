using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using HostService.Runtime.Errors;

namespace HostService.Host.Features.Modules;

/// <summary>The function that a new installation offers, so that its first request has something to answer it.</summary>
internal sealed partial class SampleModule(ITenantStore tenants, IModuleStore store, ModuleCatalog catalog, CompiledModules compiled, ILogger<SampleModule> logger)
{
    private const string Name = "hello";
    private const string Resource = "hello.wasm";

    // Set when the sample was offered, so that it does not come back after somebody removed it.
    private const string OfferedSetting = "sample-offered";

    /// <summary>Offers the sample unless that was done before.</summary>
    public async Task OfferOnceAsync(CancellationToken cancellationToken)
    {
        if (await tenants.FindSettingAsync(OfferedSetting, cancellationToken) is not null)
        {
            return;
        }

        await using var resource = typeof(SampleModule).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        await using var binary = await store.StageAsync(resource, resource.Length, cancellationToken);
        using var lease = compiled.Acquire(binary.Digest);
        CompiledModule code;
        try
        {
            code = await lease.GetAsync(binary, cancellationToken);
        }
        catch (Exception refused) when (refused is ProblemException or WasmException)
        {
            // Limits that leave no room for it are no reason not to start. With others it is offered then.
            LogNotOffered(refused.Message);
            return;
        }

        await catalog.AddVersionAsync(TenantContext.Default, Name, binary, code);
        await catalog.ChangeAsync(TenantContext.Default, Name, new ModuleChange(IsPublic: true));
        await tenants.SetSettingAsync(OfferedSetting, "true", cancellationToken);
        LogOffered(TenantContext.Default, Name);
    }

    [LoggerMessage(200, LogLevel.Information, "First start: /f/{Tenant}/{Module} answers as a sample.")]
    private partial void LogOffered(string tenant, string module);

    [LoggerMessage(201, LogLevel.Warning, "The sample function is not offered, because it can't run within the limits that are set: {Reason}")]
    private partial void LogNotOffered(string reason);
}
