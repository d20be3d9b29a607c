using System.Globalization;
using HostService.Host.Errors;
using HostService.Host.Storage;
using HostService.Runtime;

namespace HostService.Host.Features.Profiles;

/// <summary>The header that asks for a profile of an invocation, and in the answer names it.</summary>
internal static class ProfileHeader
{
    /// <summary>In a request <c>true</c>, or the milliseconds between samples; in a response the profile's id.</summary>
    public const string Name = "X-HostService-Profile";

    /// <summary>What the API's description says of it in requests.</summary>
    public const string Description = "Profiles the invocation: true, or the milliseconds between samples, 1 to 1000. The response has a header of the same name with the profile's id. For keys of the role deployer or above.";

    /// <summary>What it says of it in answers.</summary>
    public const string ResponseDescription = "When the invocation was profiled, the profile's id.";

    private const int LongestInterval = 1_000;

    public static bool IsIn(HttpRequest request) => request.Headers.ContainsKey(Name);

    /// <summary>Begins the profile that a request asks for; null when it asks for none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="role">What its key allows.</param>
    /// <param name="profiles">Where the profile will be.</param>
    /// <param name="tenant">The module's tenant.</param>
    /// <param name="module">The module.</param>
    /// <param name="function">What is called.</param>
    /// <exception cref="ProblemException">The key doesn't allow it, the header's value makes no sense, or too many are being taken.</exception>
    public static ProfileRecording? Begin(HttpContext http, Role role, ProfileStore profiles, string tenant, string module, string function) =>
        IsIn(http.Request) ? BeginAsked(http, role, profiles, tenant, module, function) : null;

    private static ProfileRecording BeginAsked(HttpContext http, Role role, ProfileStore profiles, string tenant, string module, string function)
    {
        if (role < Role.Deployer)
        {
            throw new ProblemException(ProblemTypes.Forbidden, $"{Name} needs a key of the role deployer.");
        }

        var recording = profiles.Begin(tenant, module, function, IntervalOf(http.Request.Headers[Name].ToString()));
        // Not set at once: an exception's answer begins by clearing the headers, and a function may have one of this name.
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[Name] = recording.Id;
            return Task.CompletedTask;
        });
        return recording;
    }

    private static TimeSpan IntervalOf(string value) =>
        value.Equals("true", StringComparison.OrdinalIgnoreCase) ? GuestProfileOptions.Default.Interval
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 1 and <= LongestInterval ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new ProblemException(ProblemTypes.BadRequest, $"{Name}: {value} is neither true nor a number of milliseconds from 1 to {LongestInterval}.");
}
