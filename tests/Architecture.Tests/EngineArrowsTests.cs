using HostService.Architecture.Tests.Metadata;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>The one-way arrows between the engine's folders, checked on the compiled assembly.</summary>
public sealed class EngineArrowsTests : IDisposable
{
    private readonly CompiledAssembly _engine = CompiledAssembly.Open(Path.Combine(AppContext.BaseDirectory, "HostService.Runtime.dll"));

    public static TheoryData<string> Namespaces => [.. Arrows.Namespaces];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Namespaces))]
    public void Namespace_Uses_OnlyWhatItMaySee(string ns)
    {
        var forbidden = OwnUses().Where(use => use.User.Namespace == ns && !Arrows.Allows(ns, use.Used.Namespace));

        Assert.Empty(forbidden.Select(use => use.ToString()).Order());
    }

    [Fact]
    public void Wasi_Uses_OnlyThePublicApi()
    {
        var open = _engine.PublicTypes();

        var forbidden = OwnUses().Where(use => Arrows.IsWasi(use.User.Namespace) && !Arrows.IsWasi(use.Used.Namespace) && !open.Contains(use.Used));

        Assert.Empty(forbidden.Select(use => use.ToString()).Order());
    }

    [Fact]
    public void Namespaces_OfTheEngine_AreThoseWithARule()
    {
        var known = Arrows.Namespaces.ToHashSet();

        var others = OwnUses().Select(use => use.User.Namespace).Where(ns => !known.Contains(ns) && !Arrows.IsWasi(ns)).Distinct();

        Assert.Empty(others);
    }

    [Fact]
    public void Engine_References_OnlyTheFramework()
    {
        var foreign = _engine.References.Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "netstandard"));

        Assert.Empty(foreign);
    }

    [Fact]
    public void Engine_References_NoAspNet() =>
        Assert.DoesNotContain(_engine.References, name => name.StartsWith("Microsoft.", StringComparison.Ordinal));

    // Embedded attributes and the compiler's own helpers live outside the engine's namespaces and have no place in a layer.
    private IEnumerable<TypeUse> OwnUses() => _engine.Uses().Where(use =>
        use.User.Namespace.StartsWith(Arrows.Root, StringComparison.Ordinal) && use.Used.Namespace.StartsWith(Arrows.Root, StringComparison.Ordinal));
}
