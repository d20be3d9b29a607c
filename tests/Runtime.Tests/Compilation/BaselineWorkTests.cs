using HostService.Runtime.Compilation.Background;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Baseline code ahead of its use: what a profile names, then what ran, each handed over together.</summary>
public sealed class BaselineWorkTests : IDisposable
{
    private readonly Engine _engine = new(new EngineOptions { Compilation = CompilationStrategy.Baseline });
    private readonly Module _module;

    public BaselineWorkTests() => _module = Module.Compile(_engine, Wat.ToBinary("(module (func) (func (nop)) (func (nop) (nop)) (func) (func))"));

    public void Dispose()
    {
        _module.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void Profile_IsMadeLargestFirst_AndHandedOverWhenAllOfItIsMade()
    {
        var interpreted = new Interpreted();
        var work = Work([0, 1, 2], interpreted);

        Assert.True(work.Step() && work.Step() && work.Step());
        Assert.Empty(interpreted.HandedOver);

        Assert.False(work.Step());
        Assert.Equal(["2,1,0"], interpreted.HandedOver);
    }

    [Fact]
    public void WhatRan_TheOftenCalledFirst_IsHandedOverOnceNothingNewRuns()
    {
        var interpreted = new Interpreted();
        interpreted.Often.Add(1);
        interpreted.All.AddRange([0, 1]);
        var work = Work([], interpreted);

        Assert.True(work.Step());
        interpreted.Often.Add(2); // while 1 was being made: not handed over without it
        interpreted.All.Add(2);
        Assert.True(work.Step());
        Assert.Empty(interpreted.HandedOver);

        Assert.True(work.Step());
        Assert.Equal(["1,2"], interpreted.HandedOver);

        Assert.False(work.Step());
        Assert.Equal(["1,2", "0"], interpreted.HandedOver);
    }

    [Fact]
    public void NothingInterpreted_OnlyTheProfileIsMade()
    {
        var work = Work([3], interpreted: null);

        Assert.True(work.Step());
        Assert.False(work.Step());
    }

    private BaselineWork Work(int[] profile, Interpreted? interpreted) => new(_module.Code, profile, function => _module.Syntax.Bodies[function].Length, interpreted);

    private sealed class Interpreted : IInterpretedFunctions
    {
        public List<int> Often { get; } = [];

        public List<int> All { get; } = [];

        public List<string> HandedOver { get; } = [];

        public IReadOnlyList<int> Ran() => All;

        public IReadOnlyList<int> RanOften() => Often;

        public void UseCompiled(IReadOnlyList<int> functions) => HandedOver.Add(string.Join(',', functions));
    }
}
