using System.Text.Json.Nodes;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>What the API calls a module's choice about core dumps.</summary>
internal static class CoreDumpWords
{
    /// <summary>All of them, for the API's description.</summary>
    public static IEnumerable<JsonNode> All => Enum.GetValues<CoreDumpChoice>().Select(choice => (JsonNode)choice.Word());

    /// <summary><c>default</c>, <c>on</c> or <c>off</c>.</summary>
    public static string Word(this CoreDumpChoice choice) => choice switch
    {
        CoreDumpChoice.On => "on",
        CoreDumpChoice.Off => "off",
        _ => "default",
    };

    /// <summary>The choice that a word stands for, or null.</summary>
    public static CoreDumpChoice? Parse(string word) => word switch
    {
        "on" => CoreDumpChoice.On,
        "off" => CoreDumpChoice.Off,
        "default" => CoreDumpChoice.Default,
        _ => null,
    };
}
