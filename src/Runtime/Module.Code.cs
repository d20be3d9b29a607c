using HostService.Runtime.Compilation;
using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Compilation.Continuations;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;
using HostService.Runtime.Tiering;

namespace HostService.Runtime;

/// <content>A module's codes: the one that new instances take, and the one that may follow it. See docs/adr/0050.</content>
public sealed partial class Module
{
    private readonly Lock _codeLock = new();
    private readonly CompiledCode _compiled;
    private readonly byte[] _ran; // a byte for each function, set when it runs on baseline code; empty unless the strategy is Tiered
    private volatile ModuleCode _code;
    private bool _codeReleased; // guarded by _codeLock
    private CalleesFirst? _interpretedFirst; // the same; null where nothing is interpreted, or not any more

    /// <summary>The optimisation that goes on in the background, or is over; null unless the Engine's strategy is <see cref="CompilationStrategy.Tiered"/>.</summary>
    public ModuleOptimization? Optimization { get; }

    /// <summary>The code that new instances take. An instance keeps what it took.</summary>
    internal ModuleCode Code => _code;

    /// <summary>What is interpreted of it; null when nothing is.</summary>
    internal InterpretedModule? Interpreter { get; private set; }

    /// <summary>Makes code that takes calls over in the middle.</summary>
    internal ContinuationCompiler Continuations { get; }

    /// <summary>The functions, counted without the imported ones, that are known to have run on baseline code, in this process or, as stored with the module, earlier.</summary>
    internal IReadOnlyList<int> FunctionsRun => RunProfile.Of(_ran);

    /// <summary>How many functions are known to have run on baseline code, in this process or, as stored with the module, earlier. They are the profile that <see cref="Serialize()"/> writes.</summary>
    /// <value>0 to <see cref="FunctionCount"/>; always 0 unless the Engine's strategy is <see cref="CompilationStrategy.Tiered"/>. It grows while calls run on baseline code, and stays once the optimised code is in force.</value>
    /// <remarks>Whoever stores modules writes them again when it has grown, so that the next load makes the code of these functions first. Thread-safe; takes time in proportion to the number of functions.</remarks>
    public int ProfiledFunctionCount => FunctionsRun.Count;

    /// <summary>What the module holds at this moment.</summary>
    public ModuleStatistics GetStatistics()
    {
        var code = _code;
        var loaded = Optimization is { Completion.IsCompleted: false } ? 2 : 1;
        return new ModuleStatistics(
            BinaryLength, _compiled.Image.Length, (long)loaded * _compiled.Image.Length,
            _compiled.Addresses.SizeBytes, Interpreter?.NativeBytes ?? 0, code.IsOptimized, _compiled.OverLimits);
    }

    /// <summary>Has the CLR compile functions ahead of their first call, those of the code that new instances get now.</summary>
    /// <param name="cancellationToken">Stops between two functions.</param>
    /// <exception cref="OperationCanceledException">Cancelled. What was compiled until then stays.</exception>
    /// <exception cref="ResourceLimitException">A function makes structures or arrays of types that are not loaded yet, and the process has hardly any memory mappings left. What was compiled until then stays.</exception>
    /// <remarks>
    /// Optional and thread-safe: calls work before, during and after it. Runs on the calling thread and, unless the module is tiny, on threads of the pool, on no more than
    /// <see cref="EngineOptions.MaxCompilationThreads"/> together.
    /// </remarks>
    public void Prepare(CancellationToken cancellationToken = default) =>
        Preparation.Run(_code, Syntax.Bodies, _compiled, Engine.Options.MaxCompilationThreads, cancellationToken);

    /// <summary>Has the CLR compile the functions that ran so far, or as stored with the module earlier, and has instances that are interpreted call their compiled code from now on.</summary>
    /// <param name="cancellationToken">Stops between two functions.</param>
    /// <exception cref="OperationCanceledException">Cancelled. What was compiled until then stays.</exception>
    /// <exception cref="ResourceLimitException">A function makes structures or arrays of types that are not loaded yet, and the process has hardly any memory mappings left. What was compiled until then stays.</exception>
    /// <remarks>
    /// For large modules of <see cref="CompilationStrategy.Tiered"/>, whose first calls are interpreted, or wait for the CLR: run what calls will run, in an instance that is thrown away, then call this. What follows and runs the same
    /// <see cref="ProfiledFunctionCount"/> functions finds all of its code. A function that did not run is compiled when it is first called, on the caller's time, so that what is run first should be like what follows. Without a profile, and once the
    /// optimised code is in force, there is nothing to do. Optional and thread-safe; on no more than <see cref="EngineOptions.MaxCompilationThreads"/> threads, of which the calling one is one.
    /// </remarks>
    public void PrepareProfiled(CancellationToken cancellationToken = default)
    {
        ModuleCode code;
        CalleesFirst? interpreted;
        lock (_codeLock)
        {
            (code, interpreted) = (_code, _interpretedFirst);
        }

        if (code.IsOptimized)
        {
            return;
        }

        Optimization?.Hold();
        try
        {
            var functions = FunctionsRun;
            Preparation.RunSome(code, Syntax.Bodies, functions, Engine.Options.MaxCompilationThreads, cancellationToken);
            interpreted?.UseCompiled(functions);
        }
        finally
        {
            Optimization?.Resume();
        }
    }

    // Whether the first instances of a module are interpreted.
    private static bool InterpretsFirst(Engine engine, ModuleSyntax syntax) => engine.Options.Compilation switch
    {
        CompilationStrategy.Interpreted => true,
        CompilationStrategy.Tiered => syntax.CodeSectionLength >= engine.Options.InterpretsFirstFromBytes,
        _ => false,
    };

    private (InterpretedModule? Interpreted, CalleesFirst? Callees) Interpret(int[] profile)
    {
        if (!InterpretsFirst(Engine, Syntax))
        {
            return (null, null);
        }

        FirstCallCode.Warm();
        var after = Engine.Options.HandsOverAfter;

        // Of a stored module the code that first calls need is what the background begins with.
        var waits = Engine.Options.Compilation == CompilationStrategy.Tiered && profile.Length == 0;
        var interpreted = new InterpretedModule(Syntax, Globals, TypeIds, _ran) { FirstCalls = waits ? new FirstCalls(Engine.Options.Clock) : null };
        var callees = new CalleesFirst(Syntax, interpreted, _ran);
        if (Engine.Options.Compilation != CompilationStrategy.Interpreted || after > 0)
        {
            interpreted.TierUp = new Handover(Syntax, Continuations, after > 0 ? null : new HandoverWork(Engine.HandoverThreads), callees);
            interpreted.CallThreshold = after > 0 ? after : HandoverCosts.Calls;
            interpreted.LoopThreshold = after > 0 ? after : HandoverCosts.Turns;
        }

        return (interpreted, callees);
    }

    private ModuleCode Load(bool optimize) =>
        new(_compiled, optimize, CodeRange, Syntax.CodeSectionOffset, Engine.Signatures, optimize ? [] : _ran);

    private ModuleOptimization Optimize(int[] profile, CalleesFirst? interpreted) => new(
        _compiled.MethodCount, new BaselineWork(_code, profile, function => Syntax.Bodies[function].Length, interpreted), Interpreter?.FirstCalls,
        () => (Load(optimize: true), new MethodQueue(MethodOrder.Of(Syntax, _compiled.SplitFunctions), _ran)), Publish);

    // Instances that run the old code keep it alive; the CLR takes it away when the last of them is gone.
    private void Publish(ModuleCode code)
    {
        ModuleCode old;
        InterpretedModule? interpreted;
        lock (_codeLock)
        {
            (old, _code) = _codeReleased ? (code, _code) : (_code, code);
            interpreted = Interpreter;
            Interpreter = null;
            _interpretedFirst = null;
        }

        // Nothing can be loaded any more that refers to unloaded code, so that its interpreted instances come first.
        if (interpreted is not null)
        {
            interpreted.Gone = old.Unload;
        }
        else
        {
            old.Unload();
        }
    }

    private void ReleaseCode()
    {
        lock (_codeLock)
        {
            _codeReleased = true;
        }

        _code.Unload();
    }
}
