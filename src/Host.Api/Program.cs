using HostService.Host.Features;
using HostService.Host.Features.CoreDumps;
using HostService.Host.Features.Health;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Profiles;
using HostService.Host.Features.Tenants;
using HostService.Host.Observability;

// The option stands alone: the parser of arguments would take what follows it for its value.
var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != HealthCheckCommand.Option)]);
if (args.Contains(HealthCheckCommand.Option))
{
    return await HealthCheckCommand.RunAsync(builder.Configuration);
}

try
{
    builder.UseDefaultAddress();
    builder.ConfigureServer();
    builder.AddLogging();
    builder.AddTelemetry();
    builder.Services
        .AddHost()
        .AddTenants()
        .AddModules()
        .AddInvocations()
        .AddProfiles()
        .AddCoreDumps()
        .AddApiDescription();

    var app = builder.Build();
    app.Services.CheckSettings();
    app.UseProblems();
    app.UseMetrics();
    app.UseRouting();
    app.UseMiddleware<ApiKeyAuthentication>();
    var api = app.MapGroup("").AnswerHeadAsGet();
    api.MapHealth();
    api.MapTenants();
    api.MapModules();
    api.MapInvocations();
    api.MapProfiles();
    api.MapCoreDumps();
    api.MapApiDescription();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.IsKnown(failure))
{
    // There may be no log yet, and its settings may be what is wrong.
#pragma warning disable RS0030
    return StartFailure.Complain(failure, Console.Error);
#pragma warning restore RS0030
}
