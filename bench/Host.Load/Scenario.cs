namespace HostService.Load;

/// <summary>One kind of request that is driven against the service and against the baseline.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Module">The sample whose binary is uploaded, under the same name.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The request's path.</param>
/// <param name="Body">The request's body, or empty.</param>
/// <param name="Target">The least share of the baseline's requests per second that is wanted, or <see langword="null"/>.</param>
internal sealed record Scenario(string Name, string Module, string Method, string Path, string Body, double? Target)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("invoke_numeric", "numeric", "POST", "/v1/modules/numeric/invoke/add", """{"args":[2,3]}""", 0.8),
        new("http_command", "hello", "GET", "/f/load/hello/world", "", null),
    ];
}
