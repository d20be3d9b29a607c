using System.Diagnostics;
using HostService.Runtime.Binary;
using HostService.Runtime.Compilation;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Trials;

/// <summary>The library as a program: compiles the suspicious functions of a module that it is given and reports each. It runs nothing of the module.</summary>
internal static class TrialProgram
{
    // What a first call at the end of a guest's stack has, and a little for the frames of this program: a compiler that needs more would end the host's process there.
    private const int ThreadStackBytes = (256 + 64) << 10;

    private const int NotUnderstood = 2;

    // Longer in some respect than any host allows: that was checked when the module was compiled.
    private static readonly ModuleLimits s_limits = new()
    {
        MaxModuleBytes = int.MaxValue, MaxTypes = int.MaxValue, MaxRecGroups = int.MaxValue, MaxSubtypingDepth = int.MaxValue, MaxFunctions = int.MaxValue, MaxImports = int.MaxValue,
        MaxExports = int.MaxValue, MaxGlobals = int.MaxValue, MaxTags = int.MaxValue, MaxTables = int.MaxValue, MaxMemories = int.MaxValue, MaxElementSegments = int.MaxValue,
        MaxElementsPerSegment = int.MaxValue, MaxDataSegments = int.MaxValue, MaxParameters = int.MaxValue, MaxResults = int.MaxValue, MaxFields = int.MaxValue,
        MaxFunctionBytes = int.MaxValue, MaxLocals = int.MaxValue, MaxBranchTableLabels = int.MaxValue, MaxNameBytes = int.MaxValue,
    };

    /// <summary>Runs it.</summary>
    /// <returns>The exit code; see <see cref="CompilationTrial.RunChild"/>.</returns>
    public static int Main()
    {
        // Not through System.Console, which would do things to a terminal that is not there.
        var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        TrialRequest? request;
        try
        {
            request = TrialRequest.Read(input);
        }
        catch (Exception failure) when (failure is EndOfStreamException or StoredModuleException)
        {
            return NotUnderstood;
        }

        if (request is null)
        {
            return NotUnderstood;
        }

        new Thread(() => EndWith(input)) { IsBackground = true, Name = "parent" }.Start();
        Compile(request, output);
        return 0;
    }

    // The parent keeps the other end open as long as it lives.
    private static void EndWith(FileStream input)
    {
        try
        {
            while (input.ReadByte() >= 0)
            {
            }
        }
        finally
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private static void Compile(TrialRequest request, FileStream output)
    {
        var stored = request.Module;
        var strategy = request.Optimize ? CompilationStrategy.Optimized : CompilationStrategy.Baseline;

        // Nothing runs, so no memory needs guard pages, whatever the code was compiled for.
        var engine = new Engine(new EngineOptions { Features = request.Features, ModuleLimits = s_limits, Compilation = strategy, BoundsChecks = BoundsChecks.Explicit });
        var validated = ValidatedModule.FromStored(ModuleDecoder.Decode(stored.Binary, request.Features, s_limits), s_limits);
        var module = new Module(engine, new ModuleParts(validated, stored.Code, Verdict: null, Profile: []), stored.Name);
        ProcessLimits.Set(request.ProcessorSeconds, request.MemoryBytes);
        var compiler = new Thread(() => CompileAll(module, stored.Code, request.Optimize, output), ThreadStackBytes) { Name = "compile" };
        compiler.Start();
        compiler.Join();
    }

    private static void CompileAll(Module module, CompiledCode code, bool optimize, FileStream output)
    {
        var start = Environment.CpuUsage.TotalTime;
        Report(TrialReport.Ready, -1, "");
        foreach (var function in optimize ? code.Suspects : code.UnoptimizedSuspects)
        {
            Report(TrialReport.Begin, function, "");
            try
            {
                foreach (var method in code.MethodsOf(function))
                {
                    module.Code.Prepare(method);
                }

                Report(TrialReport.End, function, "");
            }
            catch (Exception refusal)
            {
                Report(TrialReport.Refused, function, $"{refusal.GetType().Name}: {refusal.Message}");
                return;
            }
        }

        Report(TrialReport.Done, -1, "");

        void Report(string kind, int function, string text) => output.Write(
            System.Text.Encoding.UTF8.GetBytes(new TrialReport(kind, function, (long)(Environment.CpuUsage.TotalTime - start).TotalMilliseconds, text) + "\n"));
    }
}
