using HostService.Architecture.Tests.Metadata;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>The rule and the reader behind the arrows, checked on cases whose answer is known: a check that sees nothing would pass everything.</summary>
public class ArrowsTests
{
    [Theory]
    [InlineData("HostService.Runtime.Compilation", "HostService.Runtime.Errors", true)]
    [InlineData("HostService.Runtime.Compilation", "HostService.Runtime.Binary", false)]
    [InlineData("HostService.Runtime.Types", "HostService.Runtime.Syntax", false)]
    [InlineData("HostService.Runtime.Binary", "HostService.Runtime.Execution", false)]
    [InlineData("HostService.Runtime.Validation", "HostService.Runtime", false)]
    [InlineData("HostService.Runtime.Execution", "HostService.Runtime", true)]
    [InlineData("HostService.Runtime.Execution", "HostService.Runtime.Compilation", false)]
    [InlineData("HostService.Runtime.Execution", "HostService.Runtime.Linking", false)]
    [InlineData("HostService.Runtime.Execution.Memories", "HostService.Runtime.Types", true)]
    [InlineData("HostService.Runtime.Execution.Memories", "HostService.Runtime.Binary", false)]
    [InlineData("HostService.Runtime", "HostService.Runtime.Compilation", true)]
    [InlineData("HostService.Runtime", "HostService.Runtime.Wasi.Preview1", false)]
    public void Allows_Pair_FollowsTheTransitiveArrows(string from, string to, bool expected) =>
        Assert.Equal(expected, Arrows.Allows(from, to));

    [Theory]
    [InlineData("Base")]
    [InlineData("Field")]
    [InlineData("Parameter")]
    [InlineData("Generic")]
    [InlineData("Code")]
    [InlineData("Lambda")]
    [InlineData("Caught")]
    public void Uses_TypeMentionedOnce_AreFound(string mention)
    {
        using var self = CompiledAssembly.Open(typeof(ArrowsTests).Assembly.Location);

        var uses = self.Uses();

        Assert.Contains(uses, use => use.User.Name == "Probe" && use.Used.Name == $"ProbeOf{mention}");
    }
}

internal class ProbeOfBase;

internal sealed class ProbeOfField;

internal sealed class ProbeOfParameter;

internal sealed class ProbeOfGeneric;

internal static class ProbeOfCode
{
    public static int Count { get; set; }
}

internal static class ProbeOfLambda
{
    public static int Count { get; set; }
}

internal sealed class ProbeOfCaught : Exception;

/// <summary>Mentions each probe in exactly one way.</summary>
internal sealed class Probe : ProbeOfBase
{
    public ProbeOfField? Field { get; set; }

    public static bool Take(ProbeOfParameter? parameter) => parameter is null;

    public static IEnumerable<int> Run()
    {
        ProbeOfCode.Count++;
        try
        {
            return Array.Empty<List<ProbeOfGeneric>>().Select(_ => ProbeOfLambda.Count);
        }
        catch (ProbeOfCaught)
        {
            return [];
        }
    }
}
