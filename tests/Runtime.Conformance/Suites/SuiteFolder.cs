using HostService.Support;

namespace HostService.Runtime.Conformance.Suites;

/// <summary>Where the suites are: <c>WASM_SUITES</c>, or <c>../shared/suites</c> seen from the repository.</summary>
internal static class SuiteFolder
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("WASM_SUITES") is { Length: > 0 } configured
        ? configured
        : Path.GetFullPath(Repository.PathOf("..", "shared", "suites"));

    public static string Proposals => Path.Combine(Root, "proposals");

    public static string Core => Path.Combine(Root, "core");
}
