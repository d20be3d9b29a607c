using HostService.Support;
using YamlDotNet.RepresentationModel;

namespace HostService.Deploy.Tests;

/// <summary>A YAML file of the repository, read as the plain tree that it is.</summary>
internal static class YamlFile
{
    public static YamlMappingNode Load(string path)
    {
        using var text = File.OpenText(Repository.PathOf(path));
        var stream = new YamlStream();
        stream.Load(text);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>The node at the end of a path of keys, or null.</summary>
    public static YamlNode? At(this YamlNode node, params string[] path)
    {
        YamlNode? current = node;
        foreach (var key in path)
        {
            current = current is YamlMappingNode map && map.Children.TryGetValue(key, out var next) ? next : null;
        }

        return current;
    }

    public static string? Text(this YamlNode node, params string[] path) => (node.At(path) as YamlScalarNode)?.Value;

    /// <summary>The keys of a map; none where there is no map.</summary>
    public static IReadOnlyList<string> Keys(this YamlNode node, params string[] path) =>
        node.At(path) is YamlMappingNode map ? [.. map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!)] : [];

    /// <summary>The texts of a list, or the keys of a map that stands in its place; none where there is neither.</summary>
    public static IReadOnlyList<string> Items(this YamlNode node, params string[] path) => node.At(path) switch
    {
        YamlSequenceNode list => [.. list.Children.OfType<YamlScalarNode>().Select(item => item.Value!)],
        YamlMappingNode map => map.Keys(),
        _ => [],
    };
}
