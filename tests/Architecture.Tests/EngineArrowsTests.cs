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
        var forbidden = OwnUses().Where(use => Arrows.RuleFor(use.User.Namespace) == ns && !Arrows.Allows(ns, use.Used.Namespace));

        Check.None(forbidden.Select(use => use.ToString()));
    }

    [Fact]
    public void Wasi_Uses_OnlyThePublicApi()
    {
        var open = _engine.PublicTypes();

        var forbidden = OwnUses().Where(use => Arrows.IsWasi(use.User.Namespace) && !Arrows.IsWasi(use.Used.Namespace) && !open.Contains(use.Used));

        Check.None(forbidden.Select(use => use.ToString()));
    }

    [Fact]
    public void Namespaces_OfTheEngine_AreThoseWithARule()
    {
        var others = OwnUses().Select(use => use.User.Namespace).Where(ns => Arrows.RuleFor(ns) is null && !Arrows.IsWasi(ns));

        Check.None(others);
    }

    [Fact]
    public void Engine_References_OnlyTheFramework()
    {
        var foreign = _engine.References.Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "netstandard"));

        Check.None(foreign);
    }

    [Fact]
    public void Engine_References_NoAspNet() =>
        Assert.DoesNotContain(_engine.References, name => name.StartsWith("Microsoft.", StringComparison.Ordinal));

    // Embedded attributes and the compiler's own helpers live outside the engine's namespaces and have no place in a layer.
    private IEnumerable<TypeUse> OwnUses() => _engine.Uses().Where(use =>
        use.User.Namespace.StartsWith(Arrows.Root, StringComparison.Ordinal) && use.Used.Namespace.StartsWith(Arrows.Root, StringComparison.Ordinal));
}
