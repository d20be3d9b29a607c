using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Tenants;
using HostService.Host.Observability;
using HostService.Host.Storage;
using HostService.Host.Storage.Files;
using HostService.Host.Storage.Sqlite;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features;

/// <summary>What all features share: settings, the engine, storage, and how errors are answered.</summary>
internal static class HostFeature
{
    public static IServiceCollection AddHost(this IServiceCollection services)
    {
        services.AddOptions<HostServiceOptions>().BindConfiguration(HostServiceOptions.Section)
            .Validate(options => !string.IsNullOrWhiteSpace(options.DataDirectory), "HostService__DataDirectory is empty; it must be the path of a folder.")
            .Validate(options => options.OperatorKey is not { Length: > ApiKeys.MaxKeyLength }, $"HostService__OperatorKey has more than {ApiKeys.MaxKeyLength} characters.")
            .ValidateOnStart();
        services.AddSingleton(new SettingsSection(HostServiceOptions.Section, [nameof(HostServiceOptions.DataDirectory), nameof(HostServiceOptions.OperatorKey), Logging.FormatName]));
        services.AddSettings<EngineSettings>(EngineSettings.Section);
        return services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<DataDirectory>()
            .AddSingleton(MakeEngine)
            .AddSingleton(provider => new SqliteDatabase(provider.GetRequiredService<DataDirectory>().Path))
            .AddSingleton(provider => new BinaryFolder(provider.GetRequiredService<DataDirectory>().Path))
            .AddSingleton(provider => new ArtifactFolder(provider.GetRequiredService<DataDirectory>().Path))
            .AddSingleton<SqliteModuleStore>()
            .AddSingleton<IModuleStore>(provider => provider.GetRequiredService<SqliteModuleStore>())
            .AddSingleton<ITenantStore, SqliteTenantStore>()
            .AddHostedService<HostStartup>()
            // What can't be bound reaches the one place where exceptions become answers, and so the client is told why.
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .AddExceptionHandler<HostExceptionHandler>()
            // Before the framework's own, so that it is asked first.
            .AddSingleton<IProblemDetailsWriter, ProblemWriter>()
            .AddProblemDetails();
    }

    /// <summary>The server's own limits.</summary>
    public static void ConfigureServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrel((_, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            // Headers of guests are passed on byte for byte.
            kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
            {
                connection.Features.Set(new ConnectionKey());
                return next(connection);
            }));
        });
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            // Uploads lift it for themselves.
            .Configure((Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, IOptions<ExecutionLimits> limits) => kestrel.Limits.MaxRequestBodySize = limits.Value.MaxRequestBytes);
    }

    /// <summary>Every answer without a body gets one: routing's 404 and 405, and what the framework refuses.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        // As UseStatusCodePages, which makes a feature and a dictionary for each request that needs neither.
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400 and < 600, HasStarted: false, ContentLength: null, ContentType: null or "" })
            {
                await DescribeStatusAsync(context);
            }
        });
    }

    private static Task DescribeStatusAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var details = Problems.Details(ProblemTypes.ForStatus(status), $"{context.Request.Method} {context.Request.Path} cannot be answered.");
        details.Status = status;
        return TypedResults.Problem(details).ExecuteAsync(context);
    }

    private static Engine MakeEngine(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<EngineSettings>>().Value;
        return new Engine(new EngineOptions
        {
            // Every module can import WASI; that it can is decided once, here.
            HostFunctions = WasiPreview1.HostFunctions,
            Features = settings.Features,
            Compilation = settings.Compilation,
            InterpretsFirstFromBytes = settings.InterpretFirstFromMegabytes << 20,
            MaxCompilationThreads = settings.CompilationThreads,
            MaxOptimizationThreads = settings.OptimizationThreads,
            Trial = settings.TrialCompilations
                ? new CompilationTrialOptions { MaxProcessorTime = TimeSpan.FromMilliseconds(settings.TrialMilliseconds), MaxMemoryBytes = (long)settings.TrialMegabytes << 20 }
                : null,
        });
    }
}
