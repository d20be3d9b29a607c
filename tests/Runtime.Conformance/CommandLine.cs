using System.Globalization;
using HostService.Runtime.Conformance.Running;

namespace HostService.Runtime.Conformance;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(string Scripts, string? Part, string? JsonFile, ScriptOptions Options)
{
    public const string Usage =
        """
        usage: Runtime.Conformance PATH [--only TEXT] [--json FILE] [--validate] [--code CODE] [--bounds BOUNDS] [--timeout SECONDS]

          PATH               runs this script, or every script in this folder and the folders in it
          --only TEXT        runs only scripts with this in their names
          --json FILE        writes the results to a file as well
          --validate         decodes and validates the modules, and runs nothing
          --code CODE        optimized (default), baseline, tiered, interpreted, handedover, or stored: optimised code that was serialised and loaded again
          --bounds BOUNDS    guard, explicit, or what the system offers (default)
          --timeout SECONDS  ends a script after this long; default 180

        Exit code 0 when nothing failed, 1 when something did, 2 when it could not start.
        """;

    /// <summary>Reads the arguments, or gives null and says what is wrong.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out string problem)
    {
        string? scripts = null, part = null, json = null;
        var options = new ScriptOptions();
        problem = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--validate":
                    options = options with { ValidateOnly = true };
                    break;
                case "--only" when i + 1 < arguments.Count:
                    part = arguments[++i];
                    break;
                case "--json" when i + 1 < arguments.Count:
                    json = arguments[++i];
                    break;
                case "--code" when i + 1 < arguments.Count && Enum.TryParse<ScriptCode>(arguments[i + 1], ignoreCase: true, out var code):
                    options = options with { Code = code };
                    i++;
                    break;
                case "--bounds" when i + 1 < arguments.Count && arguments[i + 1] is ("guard" or "explicit"):
                    options = options with { BoundsChecks = arguments[++i] == "guard" ? BoundsChecks.GuardPages : BoundsChecks.Explicit };
                    break;
                case "--timeout" when i + 1 < arguments.Count && double.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Timeout = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case var path when scripts is null && !path.StartsWith("--", StringComparison.Ordinal):
                    scripts = path;
                    break;
                case var other:
                    problem = $"\"{other}\" is not understood";
                    return null;
            }
        }

        if (scripts is null || !Path.Exists(scripts))
        {
            problem = scripts is null ? "no script and no folder given" : $"there is no script and no folder {scripts}";
            return null;
        }

        return new CommandLine(Path.GetFullPath(scripts), part, json, options);
    }
}
