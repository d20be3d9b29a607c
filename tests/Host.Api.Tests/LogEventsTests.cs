using System.Reflection;
using HostService.Host.Features.Modules;
using Microsoft.Extensions.Logging;
using Xunit;

namespace HostService.Host.Tests;

/// <summary>Alerts are set on the numbers of log messages.</summary>
public class LogEventsTests
{
    [Fact]
    public void Numbers_OfMessages_AreDistinct()
    {
        var messages = typeof(ModuleCatalog).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Message is not null).ToList();

        Assert.NotEmpty(messages);
        Assert.Empty(messages.GroupBy(method => method.Message!.EventId).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(method => method.Name))}"));
    }
}
