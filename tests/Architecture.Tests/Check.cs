using Xunit;

namespace HostService.Architecture.Tests;

internal static class Check
{
    /// <summary>Fails with every finding in full, which xunit would cut short.</summary>
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.Distinct().Order().ToList();
        Assert.True(all.Count == 0, $"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
