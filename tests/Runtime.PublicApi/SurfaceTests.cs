using System.Reflection;
using Xunit;

namespace HostService.Runtime.PublicApi;

/// <summary>The public face is small and on purpose. Each member is listed, for review, in PublicAPI.*.txt beside the engine's project.</summary>
public sealed class SurfaceTests
{
    private static readonly string[] s_namespaces = ["HostService.Runtime", "HostService.Runtime.Types", "HostService.Runtime.Errors", "HostService.Runtime.Wasi"];

    private static IEnumerable<Type> Public => typeof(Engine).Assembly.GetExportedTypes();

    [Fact]
    public void PublicTypes_LiveWhereEmbeddersLook() => Assert.Empty(
        from type in Public
        where !s_namespaces.Any(name => type.Namespace == name || type.Namespace!.StartsWith("HostService.Runtime.Wasi.", StringComparison.Ordinal))
        select type.FullName);

    [Fact]
    public void PublicClasses_AreSealedUnlessTheyAreBases() => Assert.Empty(
        from type in Public
        where type is { IsClass: true, IsSealed: false, IsAbstract: false }
        select type.FullName);

    [Fact]
    public void PublicFields_AreConstants() => Assert.Empty(
        from type in Public
        where !type.IsEnum
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !field.IsLiteral
        select $"{type.FullName}.{field.Name}");

    [Fact]
    public void Internals_AreVisibleToTheEnginesOwnTestsOnly()
    {
        var friends = typeof(Engine).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);

        Assert.DoesNotContain(typeof(SurfaceTests).Assembly.GetName().Name, friends);
        Assert.All(friends, friend => Assert.StartsWith("Runtime.", friend, StringComparison.Ordinal));
    }
}
