using HostService.Host.Features;
using HostService.Host.Features.Health;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Tenants;
using HostService.Host.Observability;

if (args.Contains(HealthCheckCommand.Argument))
{
    return await HealthCheckCommand.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(args);
builder.UseDefaultAddress();
builder.ConfigureServer();
builder.AddLogging();
builder.AddTelemetry();
builder.Services
    .AddHost()
    .AddTenants()
    .AddModules()
    .AddInvocations()
    .AddApiDescription();

var app = builder.Build();
app.UseProblems();
app.UseMetrics();
app.UseRouting();
app.UseMiddleware<ApiKeyAuthentication>();
app.MapHealth();
app.MapTenants();
app.MapModules();
app.MapInvocations();
app.MapApiDescription();
await app.RunAsync();
return 0;
