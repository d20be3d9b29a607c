namespace HostService.Host.Errors;

/// <summary>Ends a request with a problem, from where no result can be returned. <see cref="HostExceptionHandler"/> answers it.</summary>
internal sealed class ProblemException(ProblemType type, string detail, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>What kind of problem.</summary>
    public ProblemType Type { get; } = type;

    /// <summary>Further members of the answer.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();
}
