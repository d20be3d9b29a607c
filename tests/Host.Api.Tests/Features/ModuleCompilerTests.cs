using System.Globalization;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Host.Storage;
using HostService.Runtime;
using HostService.Support;
using Xunit;

namespace HostService.Host.Tests.Features;

/// <summary>Compilations that the process has no room for.</summary>
public sealed class ModuleCompilerTests : IDisposable
{
    // Each a function and a type of its own, more than room is promised for when mappings were counted while half of those that the process may have were left.
    private const int Types = 1_500;

    private readonly Engine _engine = NewEngine();
    private readonly CompilerUnderTest _tested;

    public ModuleCompilerTests() => _tested = new CompilerUnderTest(_engine, new ExecutionLimits());

    public void Dispose() => _tested.Dispose();

    [Fact]
    public async Task Prepare_WithoutRoomForTheTypesThatItNames_IsRefusedUntilThereIs()
    {
        var digest = Digest.FromHash(new byte[32]);
        var artifact = ArtifactWithAProfile();
        using var first = new TakenMappings();
        using var module = new CompiledModule(new Linker(_engine).InstantiatePre(Module.Deserialize(_engine, artifact)), CodeOrigin.Artifact, TimeSpan.Zero);
        Assert.Equal(Types + 1, module.Pre.Module.ProfiledFunctionCount);

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _tested.Compiler.PrepareAsync(digest, module, CancellationToken.None));

        Assert.Same(ProblemTypes.CompilationUnavailable, refusal.Type);
        Assert.Contains("memory mappings (vm.max_map_count)", refusal.Message, StringComparison.Ordinal);
        first.Dispose();
        await _tested.Compiler.PrepareAsync(digest, module, CancellationToken.None);
    }

    [Fact]
    public async Task Compile_WithoutRoomForTheTypesThatItNames_IsRefusedUntilThereIs()
    {
        var binary = Wat.ToBinary(Text);
        using var first = new TakenMappings();

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => CompileAsync(binary));

        Assert.Same(ProblemTypes.CompilationUnavailable, refusal.Type);
        first.Dispose();
        using var module = await CompileAsync(binary);
        Assert.Equal(Types + 1, module.Pre.Module.FunctionCount);
    }

    private static string Text
    {
        get
        {
            var numbers = Enumerable.Range(0, Types).ToList();
            return $"""
                (module {Each(i => Invariant($"(type $t{i} (struct {string.Join(' ', Enumerable.Range(0, 11).Select(bit => (i >> bit & 1) == 0 ? "(field i32)" : "(field i64)"))}))"))}
                  {Each(i => Invariant($"(func $f{i} (drop (struct.new_default $t{i})))"))}
                  (func (export "run") {Each(i => Invariant($"(call $f{i})"))}))
                """;

            string Each(Func<int, string> part) => string.Join('\n', numbers.Select(part));
        }
    }

    private static Engine NewEngine() => new(new EngineOptions { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 1 });

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Of another Engine: types are loaded once in each.
    private static byte[] ArtifactWithAProfile()
    {
        while (true)
        {
            using var engine = NewEngine();
            using var module = Module.Compile(engine, Wat.ToBinary(Text));
            using var store = new Store(engine);
            new Linker(engine).Instantiate(store, module).GetFunction("run")!.Call();

            // Nothing, if the optimiser was done before there was an instance.
            if (module.ProfiledFunctionCount > 0)
            {
                return module.Serialize();
            }
        }
    }

    private Task<CompiledModule> CompileAsync(byte[] binary) =>
        _tested.Compiler.CompileAsync(Digest.FromHash(new byte[32]), _ => Task.FromResult<ReadOnlyMemory<byte>>(binary), CancellationToken.None);
}
