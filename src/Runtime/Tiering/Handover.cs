using HostService.Runtime.Compilation.Continuations;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Tiering;

/// <summary>Decides which functions and loops of a module are worth machine code while its instances are interpreted, and has it made. See docs/adr/0059 and 0098.</summary>
/// <remarks>
/// A function is handed over as a whole: the next call runs its baseline code. A call that stays in a loop is handed over in the middle, to a continuation. Both are made by a background thread, what they call first, and the
/// interpreter goes on until they are there. Thread-safe.
/// </remarks>
/// <param name="syntax">The module.</param>
/// <param name="continuations">Makes its continuations.</param>
/// <param name="work">Where code is made; null for at once, on the guest's own thread, and without asking whether it is worth it.</param>
/// <param name="callees">Makes the code that is called.</param>
internal sealed class Handover(ModuleSyntax syntax, ContinuationCompiler continuations, HandoverWork? work, CalleesFirst callees) : TierUp
{
    /// <summary>How many loops of a module may get a continuation, each of which is an assembly of its own: a module can have a million, and keep each going for the millisecond that it takes to ask for one.</summary>
    internal const int MaxContinuations = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, HotCode> _functions = []; // guarded by _lock, and so is what it holds
    private readonly Dictionary<int, HotLoop> _loops = [];     // by offset; the same
    private int _begunLoops;                                   // the same

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
                var shape = LoopShape.Of(syntax, syntax.Bodies[function], loopOffset);
                loop = new HotLoop(shape, HandoverCosts.Continuing(syntax.Bodies[function].Length, shape.Calls));
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
            hot = new HotCode(HandoverCosts.Compiling(syntax.Bodies[function].Length));
            _functions.Add(function, hot);
        }

        hot.Spent += HandoverCosts.Interpreting(bytes, times);
        if (!TryBegin(hot))
        {
            return;
        }

        var code = state.Code!;
        Do(() =>
        {
            var missing = callees.Missing(function);
            if (IsWorth(hot, ownCost: 0, missing))
            {
                Prepare(code, missing, then: () => { });
            }
        });
    }

    private void Continue(InstanceState state, int function, int offset, HotLoop loop)
    {
        loop.Spent += HandoverCosts.Interpreting(loop.Shape.Bytes, HandoverCosts.Turns);
        if (_begunLoops == MaxContinuations || !TryBegin(loop))
        {
            return;
        }

        _begunLoops++;
        var code = state.Code!;
        Do(() =>
        {
            // The continuation stands for the function itself, and calls what that calls: by tables that may be anything that runs, above all where the loop drives all of a program.
            var missing = loop.Shape.Calls switch
            {
                LoopCalls.None => [],
                LoopCalls.Known => callees.Missing(function),
                _ => callees.Missing(),
            };
            missing.Remove(function);
            if (!IsWorth(loop, HandoverCosts.Continuing(syntax.Bodies[function].Length, loop.Shape.Calls), missing))
            {
                lock (_lock)
                {
                    _begunLoops--;
                }

                return;
            }

            Prepare(code, missing, then: () => Load(loop, function, offset, code));
        });
    }

    private void Load(HotLoop loop, int function, int offset, ModuleCode code)
    {
        if (continuations.Compile(function, offset, code.AssemblyName) is { } image)
        {
            var continuation = code.Load(image);
            lock (_lock)
            {
                loop.Continuation = continuation;
            }
        }
    }

    // One function in each step, since modules take turns by steps. Callees were found after their callers. If one can't be compiled, nothing is handed over.
    private void Prepare(ModuleCode code, List<int> functions, Action then)
    {
        var left = functions.Count + 1;
        void Made()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                callees.UseCompiled(functions);
                then();
            }
        }

        foreach (var function in Enumerable.Reverse(functions))
        {
            Do(() =>
            {
                code.PrepareFunction(function);
                Made();
            });
        }

        Do(Made);
    }

    private bool TryBegin(HotCode hot)
    {
        if (hot.IsBegun || (work is not null && hot.Spent < hot.Price))
        {
            return false;
        }

        return hot.IsBegun = true;
    }

    // Whether as much was spent on interpreting all of it as the code of all of it costs. If not, it is asked again when that much was spent on the function or loop alone, or when half as much more was.
    private bool IsWorth(HotCode hot, double ownCost, List<int> missing)
    {
        if (work is null)
        {
            return true;
        }

        lock (_lock)
        {
            var price = ownCost;
            var spent = ownCost > 0 ? hot.Spent : 0;
            foreach (var function in missing)
            {
                price += HandoverCosts.Compiling(syntax.Bodies[function].Length);
                spent += _functions.TryGetValue(function, out var other) ? other.Spent : 0;
            }

            if (spent >= price && missing.Count <= CalleesFirst.MaxFunctions)
            {
                return true;
            }

            hot.Price = Math.Min(price, hot.Spent * 1.5);
            hot.IsBegun = false;
            return false;
        }
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

    private class HotCode(double price)
    {
        public double Spent;         // nanoseconds, by estimate
        public double Price = price; // what has to be spent before its code is made
        public bool IsBegun;
    }

    private sealed class HotLoop(LoopShape shape, double price) : HotCode(price)
    {
        public LoopShape Shape => shape;
        public ContinuationCode? Continuation;
    }
}
