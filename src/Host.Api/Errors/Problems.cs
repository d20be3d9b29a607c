using HostService.Host.Features.Invocations;
using HostService.Runtime;
using HostService.Runtime.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HostService.Host.Errors;

/// <summary>Makes problem details (RFC 9457) from problem types and from what the engine throws.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(ProblemType type, string detail) => TypedResults.Problem(Details(type, detail));

    public static ProblemHttpResult ModuleNotFound(string name) => Of(ProblemTypes.ModuleNotFound, $"There is no module \"{name}\".");

    public static ProblemHttpResult TenantNotFound(string tenant) => Of(ProblemTypes.TenantNotFound, $"There is no tenant \"{tenant}\".");

    public static ProblemHttpResult BadName(string name) => Of(
        ProblemTypes.BadName, $"\"{name}\" is no name: names are 1 to 63 of a-z, 0-9, '.', '_' and '-', and begin and end with a letter or a digit.");

    public static ProblemDetails Details(ProblemType type, string detail) => new() { Type = type.Uri, Title = type.Title, Status = type.Status, Detail = detail };

    /// <summary>What an exception of a guest or of a refused request is to the client, or null when it is a fault of the host.</summary>
    /// <param name="thrown">The exception.</param>
    /// <param name="module">The name that the module was uploaded under, which frames are shown with.</param>
    public static ProblemDetails? Of(Exception thrown, string? module) => thrown switch
    {
        ProblemException problem => WithMembers(Details(problem.Type, problem.Message), problem.Members),
        TrapException trap => OfTrap(trap, module),
        MalformedModuleException malformed => WithMembers(Details(ProblemTypes.MalformedModule, malformed.Message), new Dictionary<string, object?>
        {
            ["reason"] = malformed.Reason,
            ["offset"] = malformed.Offset,
        }),
        InvalidModuleException invalid => OfInvalid(invalid),
        LinkException link => WithMembers(Details(ProblemTypes.UnlinkableModule, link.Message), new Dictionary<string, object?> { ["imports"] = link.Problems }),
        GuestException exception => Details(ProblemTypes.UncaughtException, $"Nobody caught an exception whose tag has the type ({string.Join(", ", exception.TagType.Type.Parameters)})."),
        ModuleLimitException limit => Details(ProblemTypes.UnsupportedModule, limit.Message),
        ResourceLimitException resource => Details(ProblemTypes.ResourceExhausted, resource.Message),
        // Why is for the log: it names what is on the host.
        CompilationTrialException => Details(
            ProblemTypes.CompilationUnavailable,
            "The module has functions of a shape that is compiled in a child process first, with limits on time and memory, and no such process can be started. The service's log says why."),
        Storage.BinaryTooLargeException large => Details(ProblemTypes.ModuleTooLarge, $"A module may have {large.MaxBytes} bytes (HostService__Limits__MaxModuleBytes)."),
        // Which file and why is for the log.
        Storage.StorageUnavailableException => Details(ProblemTypes.StorageUnavailable, "What was asked for can't be stored, so nothing was changed. The service's log says why."),
        Storage.CorruptBinaryException corrupt => Details(ProblemTypes.ModuleUnavailable, corrupt.Message),
        BadHttpRequestException bad => Details(ProblemTypes.ForStatus(bad.StatusCode), bad.Message) is var details && details.Status == bad.StatusCode
            ? details
            : Details(ProblemTypes.BadRequest, bad.Message),
        _ => null,
    };

    private static ProblemDetails OfTrap(TrapException trap, string? module)
    {
        var where = trap.Frames is [var innermost, ..] ? $", in {innermost.Function}" : trap.Detail is { } detail ? $", instantiating {module}: {detail}" : "";
        var details = Details(ProblemTypes.Trap, trap.Message + where + LimitBehind(trap.Code));
        details.Extensions["trap"] = TrapDetails.Of(trap, module);
        return details;
    }

    // Some traps are a limit that was reached; who runs the service can raise it.
    private static string LimitBehind(TrapCode code) => code switch
    {
        TrapCode.CallStackExhausted => $" (HostService__Limits__{nameof(ExecutionLimits.StackBytes)})",
        TrapCode.AllocationTooLarge => $" (HostService__Limits__{nameof(ExecutionLimits.MaxHeapBytes)})",
        _ => "",
    };

    private static ProblemDetails OfInvalid(InvalidModuleException invalid)
    {
        var details = Details(ProblemTypes.InvalidModule, invalid.Message);
        details.Extensions["reason"] = invalid.Reason;
        details.Extensions["offset"] = invalid.Offset;
        if (invalid.FunctionIndex is { } function)
        {
            details.Extensions["function"] = function;
        }

        return details;
    }

    private static ProblemDetails WithMembers(ProblemDetails details, IReadOnlyDictionary<string, object?> members)
    {
        foreach (var (name, value) in members)
        {
            details.Extensions[name] = value;
        }

        return details;
    }
}
