namespace HostService.Host.Features.Modules;

/// <summary>Where a module's code came from.</summary>
internal enum CodeOrigin
{
    /// <summary>From the binary: decoded, validated and compiled.</summary>
    Compilation,

    /// <summary>From what an earlier compilation left on disk.</summary>
    Artifact,
}

/// <summary>The words for it in details and metrics.</summary>
internal static class CodeOrigins
{
    public static string Word(this CodeOrigin origin) => origin == CodeOrigin.Artifact ? "artifact" : "compilation";
}
