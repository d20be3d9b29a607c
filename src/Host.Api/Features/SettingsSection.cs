using System.Reflection;

namespace HostService.Host.Features;

/// <summary>The settings that a section of the configuration may have.</summary>
/// <param name="Path">The section, such as <c>HostService:Limits</c>.</param>
/// <param name="Names">Their names.</param>
internal sealed record SettingsSection(string Path, IReadOnlyList<string> Names)
{
    /// <summary>The section that a type's properties are bound from.</summary>
    public static SettingsSection Of<T>(string path) => new(path, [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(setting => setting.Name)]);

    /// <summary>A setting as one writes it in the environment.</summary>
    public static string Write(string path) => path.Replace(":", "__", StringComparison.Ordinal);
}
