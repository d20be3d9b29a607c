using HostService.Runtime.Compilation;
using HostService.Runtime.Tiering;

namespace HostService.Runtime;

/// <content>From a binary to a module.</content>
public sealed partial class Module
{
    /// <summary>Decodes, validates and compiles a module.</summary>
    /// <param name="engine">The Engine it is for.</param>
    /// <param name="binary">The binary. It is kept and must not change.</param>
    /// <param name="name">What to call it in traps; null for the name in its name section.</param>
    /// <param name="cancellationToken">Ends the compilation between two functions.</param>
    /// <exception cref="MalformedModuleException">It is no WebAssembly binary.</exception>
    /// <exception cref="InvalidModuleException">It breaks a rule of validation.</exception>
    /// <exception cref="ModuleLimitException">It is larger in some respect than this Engine takes, uses what it doesn't compile, or has a function that breaks
    /// the limits of <see cref="EngineOptions.Trial"/> even without optimisation.</exception>
    /// <exception cref="CompilationTrialException">A function has to be tried in a child process first, and none could be started.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The Engine is disposed.</exception>
    public static Module Compile(Engine engine, ReadOnlyMemory<byte> binary, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.ThrowIfDisposed();
        var validated = DecodeAndValidate(engine, binary, cancellationToken);
        if (InterpretsFirst(engine, validated.Syntax))
        {
            FirstCallCode.Warm();
        }

        var code = ModuleCompiler.Compile(validated, CompileOptionsOf(engine), cancellationToken);
        return Begin(new Module(engine, new ModuleParts(validated, code, Verdict: null, Profile: []), name), cancellationToken);
    }

    private static CompileOptions CompileOptionsOf(Engine engine) => new()
    {
        GuardPages = engine.UsesGuardPages,
        OmitsInterruption = engine.Options.OmitsInterruption,
        MaxParallelism = engine.Options.MaxCompilationThreads,
    };

    private static Module Begin(Module module, CancellationToken cancellationToken)
    {
        try
        {
            module.Begin(cancellationToken);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }
}
