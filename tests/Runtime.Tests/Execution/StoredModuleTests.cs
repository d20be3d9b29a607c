using System.Buffers.Binary;
using System.Security.Cryptography;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>A stored module does what it did, and anything but the very same bytes in the very same surroundings is refused.</summary>
public sealed class StoredModuleTests
{
    private const int HeaderBytes = 24;
    private const int HashBytes = 32;

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

    [Fact]
    public void Serialize_ToAStream_WritesTheSameBytesWithoutACopyOfThem()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Large());
        var artifact = module.Serialize();
        using var file = new MemoryStream(artifact.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();

        module.Serialize(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, artifact.Length / 4);
        Assert.Equal(artifact, file.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Deserialize_FromAStream_ReadsEachPartOnce(bool canSeek)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Large());
        var artifact = module.Serialize();
        using var stream = new Pipe(artifact, canSeek);
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var again = Module.Deserialize(engine, stream);

        // What is kept of it, which is nearly all of it; where it isn't known how long a part will be, what was outgrown as well.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, artifact.Length / 2, (canSeek ? 1.25 : 3) * artifact.Length);
        Assert.Equal(artifact, again.Serialize());
    }

    [Fact]
    public void Deserialize_LengthsThatLie_AllocateNothing()
    {
        var artifact = Serialize(new EngineOptions());
        BinaryPrimitives.WriteInt64LittleEndian(artifact.AsSpan(16), 1L << 40);
        BinaryPrimitives.WriteInt32LittleEndian(artifact.AsSpan(HeaderBytes), int.MaxValue);
        using var engine = new Engine();
        using var stream = new Pipe(artifact, canSeek: false);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("truncated", Assert.Throws<StoredModuleException>(() => Module.Deserialize(engine, stream)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Image_LoadedWhileItIsWritten_IsWrittenAsItIsStored()
    {
        var functions = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"(func (loop (br_if 0 (i32.const 0))))\n"));
        var limits = ModuleLimits.Default;
        var validated = ValidatedModule.Validate(ModuleDecoder.Decode(Wasmtime.Module.ConvertText($"(module {functions})"), WasmFeatures.None, limits), limits);
        var image = ModuleCompiler.Compile(validated, new CompileOptions(), CancellationToken.None).Image;
        var (expected, written, pieces) = (image.ToArray(), new MemoryStream(), 0);

        image.CopyTo(piece =>
        {
            written.Write(piece);
            image.Load(optimize: pieces++ % 2 == 0, [], _ => typeof(object).Assembly);
        });

        Assert.True(pieces > 1);
        Assert.Equal(expected, written.ToArray());
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
            var place = random.Next(HeaderBytes, artifact.Length);
            artifact[place] ^= 16;
            Assert.Contains("damaged", Refusal(artifact).Message, StringComparison.Ordinal);
            artifact[place] ^= 16;
        }
    }

    [Fact]
    public void Deserialize_AnyByteOfTheHeaderChanged_IsRefused()
    {
        var artifact = Serialize(new EngineOptions());
        for (var place = 0; place < HeaderBytes; place++)
        {
            artifact[place] ^= 16;
            Assert.Contains(
                place switch { < 8 => "no stored module", < 12 => "format", < 16 => "damaged", _ => "truncated" }, Refusal(artifact).Message, StringComparison.Ordinal);
            artifact[place] ^= 16;
        }
    }

    [Fact]
    public void DeserializeFor_ABinary_TakesWhatWasMadeOfItOnly()
    {
        var (artifact, hash) = (Serialize(new EngineOptions()), SHA256.HashData(Wasmtime.Module.ConvertText(Text)));
        using var engine = new Engine();
        using (var module = Module.DeserializeFor(engine, new MemoryStream(artifact), hash))
        {
            Assert.Equal("counter", module.Name);
        }

        for (var place = 0; place < hash.Length; place++)
        {
            hash[place] ^= 16;
            var refused = Assert.Throws<StoredModuleException>(() => Module.DeserializeFor(engine, new MemoryStream(artifact), hash));
            Assert.Contains($"not of the one with {Convert.ToHexStringLower(hash)}", refused.Message, StringComparison.Ordinal);
            hash[place] ^= 16;
        }

        Assert.Throws<ArgumentException>(() => Module.DeserializeFor(engine, new MemoryStream(artifact), hash.AsSpan(1)));
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
        SHA256.HashData(artifact.AsSpan(..^HashBytes), artifact.AsSpan(^HashBytes..));

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

    // Eight megabytes of data that no memory begins with: more than all else that making a module takes.
    private static byte[] Large() =>
        Wasmtime.Module.ConvertText($"(module (memory 1) (data \"{new string('x', 8 << 20)}\") (func (export \"run\") (result i32) (i32.load (i32.const 7))))");

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

    private sealed class Pipe(byte[] artifact, bool canSeek) : MemoryStream(artifact, 0, artifact.Length, writable: false, publiclyVisible: true)
    {
        public override bool CanSeek => canSeek;

        public override int Read(Span<byte> buffer)
        {
            // The base class would go through another buffer.
            var left = GetBuffer().AsSpan((int)Position);
            var count = Math.Min(buffer.Length, left.Length);
            left[..count].CopyTo(buffer);
            Position += count;
            return count;
        }

        public override long Length => canSeek ? base.Length : throw new NotSupportedException();
    }
}
