using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What tests expect of answers.</summary>
internal static class Answers
{
    /// <summary>Expects a problem document of a type; gives it.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, int status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        AssertProblem(problem, status, slug);
        return problem;
    }

    public static void AssertProblem(this JsonElement problem, int status, string slug)
    {
        Assert.Equal($"urn:hostservice:problem:{slug}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, int status)
    {
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {status}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The results of a call, as raw JSON.</summary>
    public static string Results(this JsonElement answer) => answer.GetProperty("results").GetRawText();
}
