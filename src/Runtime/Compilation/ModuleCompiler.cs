using HostService.Runtime.Compilation.Functions;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Parallelism;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Compilation;

/// <summary>Compiles validated modules. Thread-safe.</summary>
internal static class ModuleCompiler
{
    /// <summary>How much code one core takes at a time: enough that handing it out costs nothing, and little enough that no core is left with much at the end.</summary>
    private const int BatchBytes = 128 * 1024;

    /// <summary>How many functions it takes at most.</summary>
    private const int BatchFunctions = 2_000;

    // What all methods may have, which is far above what any toolchain makes of a module (pandoc's 45 MB become 3 times as much): a few bytes of WebAssembly can become kilobytes of IL.
    private const long LeastCodeBytes = 64 << 20;
    private const long CodeBytesPerByte = 16;
    private const long MostCodeBytes = 1 << 30;

    /// <summary>Compiles all functions of a module to one image.</summary>
    /// <param name="module">The module.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two functions.</param>
    /// <exception cref="ModuleLimitException">A function uses an instruction that is not compiled, or is too large.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CompiledCode Compile(ValidatedModule module, CompileOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var metadata = new ImageMetadata(CodeImage.AssemblyName);
        var layout = new ModuleLayout(module.Syntax, metadata);
        var ranges = Partition(module.Syntax.Bodies);
        var batches = new FunctionBatch[ranges.Count];
        var (codeBytes, maxCodeBytes) = (0L, Math.Min(LeastCodeBytes + (CodeBytesPerByte * module.Syntax.CodeSectionLength), MostCodeBytes));
        var next = -1;

        // Which of several functions is reported does not matter: each is a reason to refuse the module.
        SharedWork.Run(Math.Min(options.MaxParallelism, ranges.Count), () =>
        {
            var compiler = NewCompiler(module, layout, options);
            for (int index; (index = Interlocked.Increment(ref next)) < ranges.Count;)
            {
                try
                {
                    batches[index] = CompileRange(compiler, ranges[index]);
                }
                catch
                {
                    Volatile.Write(ref next, ranges.Count); // the others stop, too
                    throw;
                }
            }
        });

        var image = new ImageBuilder(layout, metadata).Build(batches, out var splitFunctions);
        return new CompiledCode
        {
            Image = new CodeImage(image),
            FirstFunctionRow = 1,
            SplitFunctions = splitFunctions,
            Suspects = [.. batches.SelectMany(batch => batch.Suspects)],
            UnoptimizedSuspects = [.. batches.SelectMany(batch => batch.UnoptimizedSuspects)],
            OverLimits = batches.Aggregate(default(OptimizerLimitCounts), (sum, batch) => sum.Plus(batch.OverLimits)),
            Addresses = BuildAddressMap(batches),
        };

        FunctionBatch CompileRange(FunctionCompiler compiler, (int Start, int End) range)
        {
            var batch = new FunctionBatch();
            for (var function = range.Start; function < range.End; function++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var before = batch.Bytes.Length;
                compiler.Compile(function, batch);
                if (Interlocked.Add(ref codeBytes, batch.Bytes.Length - before) > maxCodeBytes)
                {
                    throw new ModuleLimitException(
                        $"the functions need more than {maxCodeBytes} bytes of code, which this engine does not make of the {module.Syntax.CodeSectionLength} bytes that the module has");
                }
            }

            return batch;
        }
    }

    private static FunctionCompiler NewCompiler(ValidatedModule module, ModuleLayout layout, CompileOptions options) =>
        new(module, layout, options, options.CheckOperands ? module.CreateFunctionValidator() : null);

    private static List<(int Start, int End)> Partition(Syntax.CodeBody[] bodies)
    {
        var ranges = new List<(int Start, int End)>();
        for (var start = 0; start < bodies.Length;)
        {
            var end = start;
            for (var bytes = 0; end < bodies.Length && end - start < BatchFunctions && bytes < BatchBytes; end++)
            {
                bytes += bodies[end].Length;
            }

            ranges.Add((start, end));
            start = end;
        }

        return ranges;
    }

    private static AddressMap BuildAddressMap(FunctionBatch[] batches)
    {
        var (ends, sites) = (new List<int>(), new byte[batches.Sum(batch => batch.Sites.Count)]);
        var start = 0;
        foreach (var batch in batches)
        {
            foreach (var end in batch.SiteEnds)
            {
                ends.Add(start + end);
            }

            batch.Sites.CopyTo(sites, start);
            start += batch.Sites.Count;
        }

        return new AddressMap([.. ends], sites);
    }
}
