using HostService.Runtime.Compilation.Continuations;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Tiering;

/// <summary>Decides which functions and loops of a module are worth machine code while its instances are interpreted, and has it made. See docs/adr/0059.</summary>
/// <remarks>
/// A function is handed over as a whole: the next call runs its baseline code. A call that stays in a loop is handed over in the middle, to a continuation. Both are made by a background thread, and the
/// interpreter goes on until they are there. Thread-safe.
/// </remarks>
/// <param name="syntax">The module.</param>
/// <param name="continuations">Makes its continuations.</param>
/// <param name="work">Where code is made; null for at once, on the guest's own thread, and without asking whether it is worth it.</param>
internal sealed class Handover(ModuleSyntax syntax, ContinuationCompiler continuations, HandoverWork? work) : TierUp
{
    /// <summary>How many loops of a module may get a continuation, each of which is an assembly of its own: a module can have a million, and keep each going for the millisecond that it takes to ask for one.</summary>
    internal const int MaxContinuations = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, HotFunction> _functions = []; // guarded by _lock, and so is what it holds
    private readonly Dictionary<int, HotLoop> _loops = [];         // by offset; the same
    private int _begunLoops;                                       // the same

    /// <summary>How many loops have a continuation.</summary>
    public int ContinuationCount
    {
        get
        {
            lock (_lock)
            {
                return _loops.Values.Count(loop => loop.Continuation is not null);
            }
        }
    }

    /// <inheritdoc/>
    public override void Called(InstanceState state, int function)
    {
        lock (_lock)
        {
            Spend(state, function, syntax.Bodies[function].Length, HandoverCosts.Calls);
        }
    }

    /// <inheritdoc/>
    public override nint LoopReached(InstanceState state, int function, int loopOffset)
    {
        lock (_lock)
        {
            if (!_loops.TryGetValue(loopOffset, out var loop))
            {
                loop = new HotLoop(LoopShape.Of(syntax, syntax.Bodies[function], loopOffset));
                _loops.Add(loopOffset, loop);
            }

            if (loop.Continuation is null)
            {
                Spend(state, function, loop.Shape.Bytes, HandoverCosts.Turns);
                Continue(state, function, loopOffset, loop);
            }

            return loop.Continuation?.EntryPoint ?? 0;
        }
    }

    private void Spend(InstanceState state, int function, int bytes, int times)
    {
        if (!_functions.TryGetValue(function, out var hot))
        {
            hot = new HotFunction();
            _functions.Add(function, hot);
        }

        hot.Spent += HandoverCosts.Interpreting(bytes, times);
        if (!hot.IsBegun && (work is null || hot.Spent >= HandoverCosts.Compiling(syntax.Bodies[function].Length)))
        {
            hot.IsBegun = true;
            var (code, module) = (state.Code!, state.Interpreter!);
            Do(() =>
            {
                code.Prepare(function);
                module.UseCompiled(function);
            });
        }
    }

    private void Continue(InstanceState state, int function, int offset, HotLoop loop)
    {
        loop.Spent += HandoverCosts.Interpreting(loop.Shape.Bytes, HandoverCosts.Turns);
        if (loop.IsBegun || _begunLoops == MaxContinuations || (work is not null && loop.Spent < HandoverCosts.Continuing(syntax.Bodies[function].Length, loop.Shape.Calls)))
        {
            return;
        }

        loop.IsBegun = true;
        _begunLoops++;
        var code = state.Code!;
        Do(() =>
        {
            if (continuations.Compile(function, offset, code.AssemblyName) is { } image)
            {
                var continuation = code.Load(image);
                lock (_lock)
                {
                    loop.Continuation = continuation;
                }
            }
        });
    }

    private void Do(Action step)
    {
        if (work is null)
        {
            step();
        }
        else
        {
            work.Add(step);
        }
    }

    private sealed class HotFunction
    {
        public double Spent;  // nanoseconds, by estimate
        public bool IsBegun;
    }

    private sealed class HotLoop(LoopShape shape)
    {
        public LoopShape Shape => shape;
        public double Spent;
        public bool IsBegun;
        public ContinuationCode? Continuation;
    }
}
