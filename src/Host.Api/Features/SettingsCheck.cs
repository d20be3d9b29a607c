using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features;

/// <summary>Checks a section of settings at start. Each message has the setting's name as one writes it, the value it has, and the values it may have.</summary>
/// <remarks>Texts are looked at before they are bound, because the binder stops at the first one that it can't convert and says which CLR type it has no value for.</remarks>
/// <typeparam name="T">What the section is bound to. Its ranges are <see cref="RangeAttribute"/>s and <see cref="EnumDataTypeAttribute"/>s.</typeparam>
internal sealed class SettingsCheck<T>(IConfiguration configuration, string section) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class
{
    private static readonly PropertyInfo[] s_settings = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Comes before the binder.</summary>
    /// <exception cref="OptionsValidationException">A text can't be converted.</exception>
    public void Configure(T options)
    {
        var values = configuration.GetSection(section);
        var failures = s_settings
            .Where(setting => values[setting.Name] is { } text && !CanConvert(text, setting.PropertyType))
            .Select(setting => Wrong(setting, values[setting.Name]!.Length == 0 ? "empty" : $"\"{values[setting.Name]}\""))
            .ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section, typeof(T), failures);
        }
    }

    /// <summary>Comes after it.</summary>
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var failures = s_settings
            .Where(setting => setting.GetCustomAttributes<ValidationAttribute>().Any(rule => !rule.IsValid(setting.GetValue(options))))
            .Select(setting => Wrong(setting, string.Create(CultureInfo.InvariantCulture, $"{setting.GetValue(options)}")))
            .ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static bool CanConvert(string text, Type type)
    {
        try
        {
            return type == typeof(string) || TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private string Wrong(PropertyInfo setting, string value) =>
        $"{SettingsSection.Write(section)}__{setting.Name} is {value}; it must be {Expected(setting)}.";

    private static string Expected(PropertyInfo setting) =>
        setting.GetCustomAttribute<RangeAttribute>() is { } range ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {range.Minimum:0} to {range.Maximum:0}")
        : setting.PropertyType == typeof(bool) ? "true or false"
        : setting.PropertyType.IsEnum && setting.PropertyType.IsDefined(typeof(FlagsAttribute)) ? $"some of {string.Join(", ", Enum.GetNames(setting.PropertyType))}, separated by commas"
        : setting.PropertyType.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(setting.PropertyType))}"
        : "a text";
}
