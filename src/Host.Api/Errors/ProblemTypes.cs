using System.Collections.Immutable;
using System.Reflection;

namespace HostService.Host.Errors;

/// <summary>Every problem that the service answers. Slugs never change their meaning.</summary>
internal static class ProblemTypes
{
    public static readonly ProblemType MalformedModule = new("malformed-module", 422, "The upload is no WebAssembly module.");
    public static readonly ProblemType InvalidModule = new("invalid-module", 422, "The module breaks a rule of validation.");
    public static readonly ProblemType UnlinkableModule = new("unlinkable-module", 422, "The module imports what this host does not offer.");
    public static readonly ProblemType UnsupportedModule = new("unsupported-module", 422, "The module is valid but cannot run here.");
    public static readonly ProblemType ModuleTooLarge = new("module-too-large", 413, "The module is too large.");
    public static readonly ProblemType RequestTooLarge = new("request-too-large", 413, "The request's body is too large.");
    public static readonly ProblemType QuotaExceeded = new("quota-exceeded", 409, "A quota is used up.");
    public static readonly ProblemType BadArguments = new("bad-arguments", 400, "The arguments do not fit the function.");
    public static readonly ProblemType BadRequest = new("bad-request", 400, "The request cannot be understood.");
    public static readonly ProblemType BadName = new("bad-name", 400, "The name is not allowed.");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing here.");
    public static readonly ProblemType TenantNotFound = new("tenant-not-found", 404, "There is no such tenant.");
    public static readonly ProblemType KeyNotFound = new("key-not-found", 404, "There is no such key.");
    public static readonly ProblemType ModuleNotFound = new("module-not-found", 404, "There is no such module.");
    public static readonly ProblemType FunctionNotFound = new("function-not-found", 404, "The module has no such function.");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The method is not allowed here.");
    public static readonly ProblemType TenantExists = new("tenant-exists", 409, "The tenant exists already.");
    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "A condition of the request does not hold.");
    public static readonly ProblemType RangeNotSatisfiable = new("range-not-satisfiable", 416, "There is nothing in this range.");
    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "A valid key is needed.");
    public static readonly ProblemType Forbidden = new("forbidden", 403, "The key does not allow this.");
    public static readonly ProblemType Trap = new("trap", 500, "The guest trapped.");
    public static readonly ProblemType UncaughtException = new("uncaught-exception", 500, "The guest threw an exception that it did not catch.");
    public static readonly ProblemType ResourceExhausted = new("resource-exhausted", 500, "The guest needs more than one invocation may have.");
    public static readonly ProblemType FunctionFailed = new("function-failed", 502, "The function ended with an error before it answered.");
    public static readonly ProblemType BadFunctionResponse = new("bad-function-response", 502, "The function's answer is not a response.");
    public static readonly ProblemType OutputTooLarge = new("output-too-large", 502, "The function wrote more than it may.");
    public static readonly ProblemType DeadlineExceeded = new("deadline-exceeded", 504, "The guest ran out of time.");
    public static readonly ProblemType TooManyConcurrent = new("too-many-concurrent", 429, "Too many invocations run at once.");
    public static readonly ProblemType ModuleUnavailable = new("module-unavailable", 503, "The stored module cannot be loaded.");
    public static readonly ProblemType StorageUnavailable = new("storage-unavailable", 503, "The service cannot write to its disk.");
    public static readonly ProblemType CompilationUnavailable = new("compilation-unavailable", 503, "The module cannot be compiled now.");
    public static readonly ProblemType Internal = new("internal-error", 500, "The service failed.");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ProblemType> All { get; } =
        [.. typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ProblemType>()];

    /// <summary>The type for an answer that has a status and nothing else, as routing gives.</summary>
    public static ProblemType ForStatus(int status) => status switch
    {
        400 => BadRequest,
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        412 => PreconditionFailed,
        413 => RequestTooLarge,
        416 => RangeNotSatisfiable,
        < 500 => BadRequest,
        _ => Internal,
    };
}
