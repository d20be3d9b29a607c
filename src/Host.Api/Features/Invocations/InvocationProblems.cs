using System.Collections.Immutable;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations;

/// <summary>What an invocation can come to, whichever way it was asked for.</summary>
internal static class InvocationProblems
{
    /// <summary>All of it. Modules that were taken once are invalid or unsupported when the service was started again with other settings.</summary>
    public static ImmutableArray<ProblemType> Any { get; } =
    [
        ProblemTypes.BadRequest,
        ProblemTypes.BadName,
        ProblemTypes.ModuleNotFound,
        ProblemTypes.FunctionNotFound,
        ProblemTypes.RequestTooLarge,
        ProblemTypes.InvalidModule,
        ProblemTypes.UnsupportedModule,
        ProblemTypes.TooManyConcurrent,
        ProblemTypes.Trap,
        ProblemTypes.UncaughtException,
        ProblemTypes.ResourceExhausted,
        ProblemTypes.FunctionFailed,
        ProblemTypes.OutputTooLarge,
        ProblemTypes.ModuleUnavailable,
        ProblemTypes.CompilationUnavailable,
        ProblemTypes.DeadlineExceeded,
        ProblemTypes.Internal,
    ];
}
