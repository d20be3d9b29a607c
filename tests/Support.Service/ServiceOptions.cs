namespace HostService.Support;

/// <summary>How a test wants the service started.</summary>
public sealed record ServiceOptions
{
    /// <summary>The folder of the published program; the shared one when not set.</summary>
    public string? Folder { get; init; }

    /// <summary>Where the service keeps its data; a temporary folder of the process's own when not set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How the service is told its address.</summary>
    public ServiceBinding Binding { get; init; }

    /// <summary>Leaves the operator's key to the service, which then writes one into its data directory.</summary>
    public bool GenerateOperatorKey { get; init; }

    /// <summary>Environment variables on top of those of the test process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program and its arguments to run the service under, such as one that changes the user; none by default.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>How long the service may take until it is ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
