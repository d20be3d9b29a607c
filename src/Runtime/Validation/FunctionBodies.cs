using System.Runtime.ExceptionServices;
using HostService.Runtime.Parallelism;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Validates the bodies of all functions of a module, on all cores when there is much to do.</summary>
/// <remarks>
/// Workers take runs of functions from a counter. A fault does not stop the others at once: only functions above the lowest faulty one are skipped, so that the
/// lowest is always found and the answer does not depend on timing.
/// </remarks>
internal sealed class FunctionBodies
{
    // Below this many bytes starting a second thread costs more than it saves.
    private const int ParallelBytes = 256 * 1024;
    private const int RunLength = 64;

    // Six bytes are a function with 50,000 locals, for which code is made: four for each byte are more than any program has that uses them.
    private const long MaxLocals = 1_000_000;
    private const long MaxLocalsPerByte = 4;

    private readonly ValidationContext _context;
    private readonly FunctionFacts[] _facts;
    private readonly Lock _lock = new();
    private int _next;
    private volatile int _lowestFaulty = int.MaxValue;
    private ExceptionDispatchInfo? _fault; // guarded by _lock

    private FunctionBodies(ValidationContext context) => (_context, _facts) = (context, new FunctionFacts[context.Syntax.Bodies.Length]);

    /// <summary>Validates them.</summary>
    /// <returns>The facts of each body.</returns>
    public static FunctionFacts[] Validate(ValidationContext context, CancellationToken cancellationToken)
    {
        var bodies = new FunctionBodies(context);
        var syntax = context.Syntax;
        var runs = (syntax.Bodies.Length + RunLength - 1) / RunLength;
        var workers = syntax.CodeSectionLength < ParallelBytes ? 1 : Math.Min(Environment.ProcessorCount, runs);
        SharedWork.Run(workers, () => bodies.Work(cancellationToken));

        cancellationToken.ThrowIfCancellationRequested();
        bodies._fault?.Throw();
        bodies.LimitLocals();
        return bodies._facts;
    }

    private void LimitLocals()
    {
        var most = MaxLocals + (MaxLocalsPerByte * _context.Syntax.CodeSectionLength);
        var locals = 0L;
        foreach (ref readonly var facts in _facts.AsSpan())
        {
            locals += facts.LocalCount;
        }

        if (locals > most)
        {
            throw new ModuleLimitException($"too many locals: the functions have {locals}, and this engine takes at most {most} in {_context.Syntax.CodeSectionLength} bytes of code");
        }
    }

    private void Work(CancellationToken cancellationToken)
    {
        var validator = new FunctionValidator(_context);
        while (!cancellationToken.IsCancellationRequested)
        {
            var start = Interlocked.Add(ref _next, RunLength) - RunLength;
            var end = Math.Min(start + RunLength, _facts.Length);
            if (start >= end || !WorkThrough(validator, start, end))
            {
                return;
            }
        }
    }

    // False when no later run can matter any more.
    private bool WorkThrough(FunctionValidator validator, int start, int end)
    {
        for (var body = start; body < end; body++)
        {
            if (body > _lowestFaulty)
            {
                return false;
            }

            try
            {
                _facts[body] = validator.Validate(new FuncIndex(_context.Syntax.ImportedFunctionCount + body));
            }
            catch (WasmException fault)
            {
                Report(body, fault);
                return false;
            }
        }

        return true;
    }

    private void Report(int body, WasmException fault)
    {
        lock (_lock)
        {
            if (body < _lowestFaulty)
            {
                (_lowestFaulty, _fault) = (body, ExceptionDispatchInfo.Capture(fault));
            }
        }
    }
}
