using System.Net.Http.Json;
using System.Text.Json;
using HostService.Host.Features.Modules;
using Microsoft.Extensions.DependencyInjection;

namespace HostService.Host.Integration;

/// <summary>What tests ask about the code of modules.</summary>
internal static class ModuleCode
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The state of a module's code as the API says it.</summary>
    public static async Task<JsonElement> CodeAsync(this HttpClient client, string name) =>
        (await client.GetFromJsonAsync<JsonElement>($"/v1/modules/{name}")).GetProperty("code");

    public static string Tier(this JsonElement code) => code.GetProperty("tier").GetString()!;

    public static string? Origin(this JsonElement code) => code.GetProperty("origin").GetString();

    /// <summary>The state of a module's code once it is as wanted.</summary>
    public static async Task<JsonElement> CodeAsync(this HttpClient client, string name, Func<JsonElement, bool> wanted)
    {
        var code = default(JsonElement);
        await UntilAsync(async () => wanted(code = await client.CodeAsync(name)), () => code.GetRawText());
        return code;
    }

    /// <summary>The modules of a host that can be called at this moment.</summary>
    public static IReadOnlyList<CompiledModule> ReadyModules(this RunningHost host) => host.Services.GetRequiredService<CompiledModules>().Ready;

    /// <summary>Waits for something, generously: the machine may be busy.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !await condition(); await Task.Delay(25))
        {
            if (clock.Elapsed > s_patience)
            {
                throw new TimeoutException($"Waited {s_patience}: {what()}");
            }
        }
    }
}
