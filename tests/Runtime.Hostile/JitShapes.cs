using System.Globalization;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Hostile.Shapes;
using HostService.Runtime.Trials;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using HostService.Support;

namespace HostService.Runtime.Hostile;

/// <summary>Measures what RyuJIT needs for functions by their shape: where the thresholds of <see cref="MethodShape"/> come from.</summary>
internal static class JitShapes
{
    private static readonly CompilationTrialOptions s_patience = new() { MaxProcessorTime = TimeSpan.FromSeconds(40), MaxMemoryBytes = 6L << 30 };

    /// <summary>Prints a table: for each shape, optimised and not, the time and memory of compiling its function <c>run</c> in a child process.</summary>
    public static async Task ReportAsync(string part)
    {
        Console.WriteLine("| shape | times | IL bytes | instructions | labels | locals | variables | passed | targets | regions | depth | suspicious | ms optimised | MB | ms baseline | MB |");
        Console.WriteLine("| --- " + string.Concat(Enumerable.Repeat("| ---: ", 15)) + "|");
        foreach (var (name, sizes, text) in Families.All.Where(family => family.Name.Contains(part, StringComparison.Ordinal)))
        {
            foreach (var size in sizes)
            {
                Console.WriteLine(await RowAsync(name, size, text(size)));
            }
        }
    }

    /// <summary>Prints how many functions of a module are suspicious, and what trying them takes.</summary>
    public static async Task ReportSuspectsAsync(string file)
    {
        var binary = await File.ReadAllBytesAsync(file);
        using var engine = new Engine(new EngineOptions { Features = WasmFeatures.LegacyExceptions, Compilation = CompilationStrategy.Tiered, Trial = s_patience });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var module = Module.Compile(engine, binary);
        var ready = watch.Elapsed;
        while (module.SuspiciousFunctionCount > 0 && module.Verdict is null)
        {
            await Task.Delay(20);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(file)}: {module.SuspiciousFunctionCount} of {module.FunctionCount} functions are suspicious; ready after {ready.TotalSeconds:F2} s, verdict {module.Verdict?.Outcome} {module.Verdict?.Reason} after {watch.Elapsed.TotalSeconds:F2} s"));
    }

    private static async Task<string> RowAsync(string name, int size, string text)
    {
        const WasmFeatures Features = WasmFeatures.LegacyExceptions;
        var limits = ModuleLimits.Default;
        try
        {
            var shapes = new List<(int Function, MethodShape Shape)>();
            var validated = ValidatedModule.Validate(ModuleDecoder.Decode(Wat.ToBinary(text), Features, limits), limits);
            var code = ModuleCompiler.Compile(validated, new CompileOptions { Shapes = (function, shape) => shapes.Add((function, shape)), MaxParallelism = 1 }, CancellationToken.None);
            var (largest, shape) = shapes.MaxBy(pair => pair.Shape.CodeBytes);
            code = new CompiledCode
            {
                Image = code.Image, FirstFunctionRow = code.FirstFunctionRow, SplitFunctions = code.SplitFunctions, Addresses = code.Addresses,
                Suspects = [largest], UnoptimizedSuspects = [largest],
            };
            var module = new StoredModule("", validated.Syntax.Binary, code, Verdict: null, Profile: []);
            var suspicious = shape.IsSuspiciousUnoptimized ? "both" : shape.IsSuspicious ? "yes" : "no";
            var optimized = await CellsAsync(optimize: true);
            var baseline = await CellsAsync(optimize: false);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {size} | {shape.CodeBytes} | {shape.Instructions} | {shape.Labels} | {shape.Locals} | {shape.Variables} | {shape.Passed} | {shape.Targets} | {shape.Regions} | {shape.RegionDepth} | {suspicious} | {optimized} | {baseline} |");

            async Task<string> CellsAsync(bool optimize)
            {
                var result = await TrialProcess.RunAsync(s_patience, new TrialRequest(optimize, Features, 60, 7L << 30, module), CancellationToken.None);
                return string.Create(CultureInfo.InvariantCulture, $"{(result.Outcome == CompilationOutcome.Passed ? "" : $"**{result.Reason}** ")}{result.ProcessorTime.TotalMilliseconds:F0} | {result.PeakBytes >> 20}");
            }
        }
        catch (Errors.WasmException refusal)
        {
            return $"| {name} | {size} | {refusal.Message} |";
        }
    }
}
