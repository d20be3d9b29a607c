using System.Diagnostics;
using CsCheck;
using HostService.Runtime.Fuzz.Differential;
using HostService.Runtime.Fuzz.Differential.V8;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Fuzz.Stress;
using HostService.Runtime.Fuzz.Validation;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz;

/// <summary>Looks for differences between this engine and Wasmtime until its time is over or it is stopped; see <see cref="Options.Usage"/>.</summary>
internal static class Program
{
    private const int MaxFindings = 25;

    // Running a module costs about a hundred times what judging one does.
    private const int JudgedForEachRun = 40;

    // Node is started once for so many modules, and as many others are run before.
    private const int LegacyBatch = 100;

    public static int Main(string[] arguments)
    {
        if (Options.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        return options.Stress ? Stress(options) : Differ.OnDeepStack(() => options.File is null ? Search(options) : Replay(File.ReadAllBytes(options.File), options.Lists));
    }

    private static int Stress(Options options)
    {
        var run = new StressRun(options.Seed);
        run.Run(TimeSpan.FromSeconds(Math.Min(options.Seconds, TimeSpan.MaxValue.TotalSeconds / 2)), TimeSpan.FromSeconds(10), Console.WriteLine);
        Console.WriteLine(run.Report);
        return run.Findings.Count == 0 ? 0 : 1;
    }

    private static int Replay(byte[] binary, bool lists)
    {
        if (lists)
        {
            Console.Write(Listing.Of(binary));
        }

        using var verdicts = new Verdicts(ModuleGen.Features);
        using var legacy = new Verdicts(LegacyModuleGen.Features);
        var difference = verdicts.Ours(binary) is not null && legacy.Ours(binary) is null
            ? LegacyDiffer.Compare([binary]).Select(found => found.Difference).FirstOrDefault()
            : verdicts.Compare(binary) ?? (verdicts.Ours(binary) is null ? Guard(binary, Differ.CompareAllWays) : null);
        Console.WriteLine(difference ?? "no difference");
        return difference is null ? 0 : 1;
    }

    private static int Search(Options options)
    {
        using var verdicts = new Verdicts(WasmFeatures.None);
        var modules = new ModuleGen(options.Effort);
        var legacyModules = new LegacyModuleGen(options.Effort);
        var mutator = new Mutator(Corpus.Load("core"), options.Seed);
        var instructions = new BodyGenerator(options.Seed, binary => verdicts.Ours(binary) is null);
        var (watch, lastReport, findings, run, judged) = (Stopwatch.StartNew(), TimeSpan.Zero, 0, 0L, 0L);
        for (var i = 0u; watch.Elapsed.TotalSeconds < options.Seconds && findings < MaxFindings; i++)
        {
            if (options.Execution)
            {
                Look(modules.Generate(new PCG(i, (ulong)options.Seed), null, out _), Differ.CompareHere, Findings.ExecutionFolder);
                run++;
            }

            if (options.Legacy && V8Batch.IsThere && (i % LegacyBatch == 0 || !options.Execution))
            {
                LookAtLegacy(i);
            }

            for (var j = 0; options.Validation && j < JudgedForEachRun; j++, judged++)
            {
                Look(j % 4 == 0 ? instructions.Next() : mutator.Next(), verdicts.Compare, Findings.ValidationFolder);
            }

            if (watch.Elapsed - lastReport > TimeSpan.FromMinutes(1))
            {
                lastReport = watch.Elapsed;
                Console.WriteLine(Report());
            }
        }

        Console.WriteLine(Report());
        return findings == 0 ? 0 : 1;

        void LookAtLegacy(uint batch)
        {
            var binaries = Enumerable.Range(0, LegacyBatch).Select(j => legacyModules.Generate(new PCG((batch * LegacyBatch) + (uint)j, (ulong)options.Seed), null, out _)).ToList();
            foreach (var (binary, difference) in LegacyDiffer.Compare(binaries))
            {
                findings++;
                Console.WriteLine($"{Findings.Save(Findings.LegacyFolder, binary)}: {difference}");
            }

            run += LegacyBatch;
        }

        void Look(byte[] binary, Func<byte[], string?> compare, string folder)
        {
            Findings.NoteCurrent(folder, binary);
            if (Guard(binary, compare) is { } difference)
            {
                findings++;
                Console.WriteLine($"{Findings.Save(folder, binary)}: {difference}");
            }
        }

        string Report() => $"{watch.Elapsed:hh\\:mm\\:ss}, seed {options.Seed}: {run} modules run, {Differ.Pairs} of them pairs "
            + $"({Differ.Calls.Returned} calls returned, {Differ.Calls.Trapped} trapped; frames: {Differ.Frames.Exact} exact, {Differ.Frames.Approximate} approximate, {Differ.MisplacedCallers} misplaced; {OurGuest.Continuations} loops handed over), {judged} judged, {findings} findings";
    }

    private static string? Guard(byte[] binary, Func<byte[], string?> compare)
    {
        try
        {
            return compare(binary);
        }
        catch (Exception broken)
        {
            return broken.ToString();
        }
    }
}
