namespace HostService.Host.Features;

/// <summary>The service's settings. Bound from <c>HostService</c>, as in the variable <c>HostService__DataDirectory</c>.</summary>
public sealed class HostServiceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "HostService";

    /// <summary>Where everything that lasts is kept. A relative path counts from the content root. Default <c>data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>The operator's key. When it is not set, one is generated at first start and written to the data directory.</summary>
    public string? OperatorKey { get; set; }
}
