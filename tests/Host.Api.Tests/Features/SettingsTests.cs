using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using HostService.Host.Features;
using HostService.Host.Features.CoreDumps;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Profiles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features;

/// <summary>Every setting with a range: nonsense in it stops the service at its start, and the message names the setting, what it is and what it may be.</summary>
public class SettingsTests
{
    private static readonly (Type Type, string Section)[] s_sections =
    [
        (typeof(ExecutionLimits), ExecutionLimits.Section), (typeof(EngineSettings), EngineSettings.Section),
        (typeof(CoreDumpOptions), CoreDumpOptions.Section), (typeof(ProfileOptions), ProfileOptions.Section),
    ];

    public static TheoryData<string, string, string> Nonsense()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (section, setting) in All())
        {
            List<string> values = ["", "nonsense", "1.5", "99999999999999999999", "-1"];
            if (setting.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                values.AddRange([Text(Number(range.Minimum) - 1), Text(Number(range.Maximum) + 1)]);
            }

            foreach (var value in values.Distinct())
            {
                data.Add(section, setting.Name, value);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_IsRefusedByName(string section, string name, string value)
    {
        var message = Assert.Single(Assert.Throws<OptionsValidationException>(() => Check((section, name, value))).Failures);

        Assert.StartsWith($"{section.Replace(":", "__", StringComparison.Ordinal)}__{name} is ", message, StringComparison.Ordinal);
        Assert.Contains(value.Length == 0 ? "empty" : value, message, StringComparison.Ordinal);
        Assert.Contains("; it must be ", message, StringComparison.Ordinal);
        if (Property(section, name).GetCustomAttribute<RangeAttribute>() is { } range)
        {
            Assert.EndsWith($"a whole number from {Text(Number(range.Minimum))} to {Text(Number(range.Maximum))}.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ends_OfEveryRange_AreTaken()
    {
        var ranges = All().Where(known => known.Setting.IsDefined(typeof(RangeAttribute))).ToList();
        Check([.. ranges.Select(known => (known.Section, known.Setting.Name, Text(Number(known.Setting.GetCustomAttribute<RangeAttribute>()!.Minimum))))]);
        Check([.. ranges.Select(known => (known.Section, known.Setting.Name, Text(Number(known.Setting.GetCustomAttribute<RangeAttribute>()!.Maximum))))]);
    }

    [Fact]
    public void Numbers_AllHaveARange() =>
        Assert.All(All().Where(known => known.Setting.PropertyType == typeof(int) || known.Setting.PropertyType == typeof(long)), known => Assert.NotNull(known.Setting.GetCustomAttribute<RangeAttribute>()));

    [Fact]
    public void WrongOnes_OfSeveralSections_AreAllNamed()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Check(
            (ExecutionLimits.Section, "StackBytes", "0"), (ExecutionLimits.Section, "MaxMemoryPages", "0"), (ProfileOptions.Section, "MaxSamples", "many")));

        Assert.Equal(3, failure.Failures.Count());
        using var output = new StringWriter();
        Assert.Equal(1, Settings.Complain(failure, output));
        Assert.Contains("The service does not start: HostService__Limits__StackBytes is 0; it must be a whole number from 16384 to 67108864.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("HostService__Profiles__MaxSamples is \"many\"", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_AreWhatTheyMayBe() => Check(
        (EngineSettings.Section, "Features", "Threads, WideArithmetic"), (EngineSettings.Section, "Compilation", "baseline"), (CoreDumpOptions.Section, "Enabled", "TRUE"));

    private static IEnumerable<(string Section, PropertyInfo Setting)> All() => s_sections.SelectMany(section => section.Type.GetProperties().Select(setting => (section.Section, setting)));

    private static PropertyInfo Property(string section, string name) => All().Single(known => known.Section == section && known.Setting.Name == name).Setting;

    private static decimal Number(object end) => Convert.ToDecimal(end, CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static void Check(params (string Section, string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{setting.Section}:{setting.Name}", (string?)setting.Value))).Build();
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSettings<ExecutionLimits>(ExecutionLimits.Section).AddSettings<EngineSettings>(EngineSettings.Section)
            .AddSettings<CoreDumpOptions>(CoreDumpOptions.Section).AddSettings<ProfileOptions>(ProfileOptions.Section)
            .BuildServiceProvider();
        services.CheckSettings();
    }
}
