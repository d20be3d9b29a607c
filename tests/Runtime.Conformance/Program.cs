using System.Collections.Immutable;
using HostService.Runtime.Conformance.Reports;
using HostService.Runtime.Conformance.Running;
using HostService.Runtime.Conformance.Scripts;

namespace HostService.Runtime.Conformance;

/// <summary>Runs scripts; see <see cref="CommandLine.Usage"/>.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (CommandLine.Parse(arguments, out var problem) is not { } asked)
        {
            Console.Error.WriteLine($"{problem}{Environment.NewLine}{CommandLine.Usage}");
            return 2;
        }

        ConsoleReport.WriteMachine(Console.Out);
        var results = Run(asked);
        if (results.IsEmpty)
        {
            Console.Error.WriteLine($"There is no script{(asked.Part is null ? "" : $" with \"{asked.Part}\" in its name")} in {asked.Scripts}.");
            return 2;
        }

        ConsoleReport.WriteTotals(Console.Out, results);
        if (asked.JsonFile is not null)
        {
            JsonReport.Write(asked.JsonFile, results);
        }

        return results.Any(result => result.Failed > 0) ? 1 : 0;
    }

    private static ImmutableArray<ScriptResult> Run(CommandLine asked)
    {
        var results = ImmutableArray.CreateBuilder<ScriptResult>();
        foreach (var script in Script.FindAll(asked.Scripts).Where(script => script.Name.Contains(asked.Part ?? "", StringComparison.Ordinal)))
        {
            var result = ScriptRunner.Run(script, asked.Options);
            ConsoleReport.Write(Console.Out, result);
            results.Add(result);
        }

        return results.ToImmutable();
    }
}
