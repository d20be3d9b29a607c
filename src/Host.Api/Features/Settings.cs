using Microsoft.Extensions.Options;

namespace HostService.Host.Features;

/// <summary>How the service's settings are bound, checked, and complained about.</summary>
internal static class Settings
{
    /// <summary>Binds a section; a value that is none stops the service at its start.</summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(SettingsSection.Of<T>(section));
        services.AddSingleton(provider => new SettingsCheck<T>(provider.GetRequiredService<IConfiguration>(), section));
        // Configured in the order of registration, so this one looks before the binder does.
        services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<SettingsCheck<T>>());
        services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<SettingsCheck<T>>());
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        return services;
    }

    /// <summary>A setting that no attribute can describe has a value that is none.</summary>
    /// <param name="message">Begins with the setting's name.</param>
    public static OptionsValidationException Wrong(string message) => new(HostServiceOptions.Section, typeof(HostServiceOptions), [message]);

    /// <summary>Checks all sections, so that none hides what is wrong with another, that nothing else is set in them, and that there is a data directory.</summary>
    /// <exception cref="OptionsValidationException">Some values are none, or some names.</exception>
    public static void CheckSettings(this IServiceProvider services)
    {
        var failures = new List<string>(UnknownSettings.In(services.GetRequiredService<IConfiguration>(), [.. services.GetServices<SettingsSection>()]));
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException one)
        {
            failures.AddRange(one.Failures);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(one => one is OptionsValidationException))
        {
            failures.AddRange(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(one => one.Failures));
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(HostServiceOptions.Section, typeof(HostServiceOptions), failures);
        }

        services.GetService<DataDirectory>();
    }

    /// <summary>Tells whoever started the service what is wrong, a line for each setting.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Complain(OptionsValidationException failure, TextWriter output)
    {
        foreach (var message in failure.Failures)
        {
            output.WriteLine($"The service does not start: {message}");
        }

        output.WriteLine("docs/settings.md lists all settings.");
        return 1;
    }
}
