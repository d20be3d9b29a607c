using System.Security.Cryptography;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>A stored module does what it did, and anything but the very same bytes in the very same surroundings is refused.</summary>
public sealed class StoredModuleTests
{
    private const int HeaderBytes = 56;
    private const int HashOffset = 24;

    private const string Text =
        """
        (module $counter
          (memory (export "memory") 1)
          (data (i32.const 8) "\2a")
          (type $point (struct (field i32)))
          (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
          (func (export "spin") (loop (br 0)))
          (func (export "box") (param i32) (result i32) (struct.get $point 0 (struct.new $point (local.get 0)))))
        """;

    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Interpreted)]
    public async Task Deserialize_InAnotherEngine_DoesTheSame(CompilationStrategy strategy)
    {
        var artifact = Serialize(new EngineOptions());
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Deserialize(engine, artifact);
        using var store = new Store(engine);
        if (module.Optimization is { } optimization)
        {
            await optimization.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        }

        var instance = new Linker(engine).Instantiate(store, module);

        Assert.Equal("counter", module.Name);
        Assert.Equal(42, instance.GetFunction("load")!.Call(8)[0].I32);
        Assert.Equal(7, instance.GetFunction("box")!.Call(7)[0].I32);
        var trap = Assert.Throws<TrapException>(() => instance.GetFunction("load")!.Call(65_533));
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, trap.Code);
        Assert.Equal("load", Assert.Single(trap.Frames).Function);
    }

    [Fact]
    public void Deserialize_DeadlineReached_IsThatOfItsOwnEngine()
    {
        var artifact = Serialize(new EngineOptions());
        using var engine = new Engine();
        using var module = Module.Deserialize(engine, artifact);
        using var store = new Store(engine);
        var spin = new Linker(engine).Instantiate(store, module).GetFunction("spin")!;
        store.SetEpochDeadline(1);
        engine.IncrementEpoch();

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => spin.Call()).Code);
    }

    [Fact]
    public void Serialize_WhatWasDeserialized_IsTheSameBytes()
    {
        var artifact = Serialize(new EngineOptions());
        using var engine = new Engine();
        using var module = Module.Deserialize(engine, artifact);

        Assert.Equal(artifact, module.Serialize());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(HeaderBytes - 1)]
    [InlineData(HeaderBytes)]
    [InlineData(-1)]
    public void Deserialize_Truncated_IsRefused(int length)
    {
        var artifact = Serialize(new EngineOptions());

        Assert.Contains("truncated", Refusal(artifact.AsMemory(0, length < 0 ? artifact.Length + length : length)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_OneBitOfTheContentChanged_IsRefused()
    {
        var artifact = Serialize(new EngineOptions());
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var place = random.Next(HashOffset, artifact.Length);
            artifact[place] ^= 16;
            Assert.Contains("damaged", Refusal(artifact).Message, StringComparison.Ordinal);
            artifact[place] ^= 16;
        }
    }

    [Fact]
    public void Deserialize_AnotherFormat_IsRefusedByName()
    {
        var artifact = Serialize(new EngineOptions());
        artifact[8] = 99;

        Assert.Contains("format 99", Refusal(artifact).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_AnotherVersionOfTheEngine_IsRefused()
    {
        // As that version would have written it: with the right hash.
        var artifact = Serialize(new EngineOptions());
        artifact[HeaderBytes + sizeof(int) + "engine ".Length] ^= 1;
        SHA256.HashData(artifact.AsSpan(HeaderBytes), artifact.AsSpan(HashOffset));

        Assert.StartsWith("The stored module is for [", Refusal(artifact).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_OtherBoundsChecks_IsRefused()
    {
        var artifact = Serialize(new EngineOptions { BoundsChecks = BoundsChecks.Explicit, ModuleLimits = new() { MaxFunctions = 17 } });

        Assert.Contains("explicit checks", Refusal(artifact).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_ABinary_IsRefused() =>
        Assert.Equal("This is no stored module.", Refusal(Wasmtime.Module.ConvertText("(module (memory 1) (data (i32.const 0) \"enough bytes to be longer than a header is\"))")).Message);

    private static byte[] Serialize(EngineOptions options)
    {
        using var engine = new Engine(options);
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        return module.Serialize();
    }

    private static StoredModuleException Refusal(ReadOnlyMemory<byte> artifact)
    {
        using var engine = new Engine();
        return Assert.Throws<StoredModuleException>(() => Module.Deserialize(engine, artifact));
    }
}
