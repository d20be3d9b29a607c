namespace HostService.Host.Features.Invocations;

/// <summary>How an invocation came to be. Two values, so that metrics can be split by it.</summary>
internal enum Trigger
{
    /// <summary>The invoke endpoint, with JSON.</summary>
    Invoke,

    /// <summary>An HTTP request to the function.</summary>
    Http,
}
