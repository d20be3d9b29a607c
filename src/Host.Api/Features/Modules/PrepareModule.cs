using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

internal static class PrepareModule
{
    public static void Map(RouteGroupBuilder modules) => modules
        .MapPost("/{name}/prepare", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(PrepareModule))
        .WithSummary("Makes the machine code of what a module's invocations ran so far, and answers when it is there.")
        .WithDescription(
            "For large modules, before they get traffic: upload, invoke once as the traffic will, prepare. Invocations that run the same functions then wait for no compiler. There is nothing to do for a module that nobody has "
            + "invoked, and for one whose optimised code is in force.")
        .Produces<ModuleDetails>()
        .Answers(ProblemTypes.BadName, ProblemTypes.ModuleNotFound, ProblemTypes.InvalidModule, ProblemTypes.UnsupportedModule, ProblemTypes.ModuleUnavailable, ProblemTypes.CompilationUnavailable);

    private static async Task<IResult> HandleAsync(string name, TenantContext tenant, ModuleCatalog catalog, ModuleCompiler compiler, CancellationToken cancellationToken)
    {
        if (!Names.IsName(name))
        {
            return Problems.BadName(name);
        }

        if (catalog.Find(tenant.Id, name) is not { } entry)
        {
            return Problems.ModuleNotFound(name);
        }

        var code = await catalog.CodeAsync(entry, cancellationToken);
        await compiler.PrepareAsync(entry.Stored.Current.Digest, code, cancellationToken);
        return TypedResults.Ok(ModuleDetails.Of(entry.Stored, code));
    }
}
