using System.Globalization;

namespace HostService.Runtime.Fuzz;

/// <summary>What the program was asked to do.</summary>
internal sealed record Options
{
    public const string Usage =
        """
        usage: Runtime.Fuzz [--seconds N] [--seed S] [--effort N] [--only execution|validation|legacy|stress] [--file|--list FILE]

          --seconds N  ends after this long; default never
          --seed S     makes the run repeatable; default a new one, which is printed
          --effort N   about how many instructions a function may get; default 120
          --only PART  runs modules only, or only judges binaries, or only runs modules with legacy exceptions, against V8; default all three.
                       stress is none of these: many threads do everything at once, without another engine
          --file FILE  looks at one module only
          --list FILE  the same, and prints its code

        Exit code 0 when nothing was found, 1 when something was.
        """;

    public double Seconds { get; private set; } = double.PositiveInfinity;

    public int Seed { get; private set; } = Random.Shared.Next();

    public int Effort { get; private set; } = 120;

    /// <summary>Whether modules are generated and run.</summary>
    public bool Execution { get; private set; } = true;

    /// <summary>Whether damaged binaries are judged.</summary>
    public bool Validation { get; private set; } = true;

    /// <summary>Whether modules with exceptions in their first form are generated and run.</summary>
    public bool Legacy { get; private set; } = true;

    /// <summary>Whether nothing is compared, but many threads do everything at once.</summary>
    public bool Stress { get; private set; }

    public string? File { get; private set; }

    /// <summary>Whether the code of <see cref="File"/> is printed.</summary>
    public bool Lists { get; private set; }

    /// <summary>Reads the arguments; null when they are not understood.</summary>
    public static Options? Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !options.Set(arguments[i], arguments[i + 1]))
            {
                return null;
            }
        }

        return options;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds):
                Seconds = seconds;
                return true;
            case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                Seed = seed;
                return true;
            case "--effort" when int.TryParse(value, CultureInfo.InvariantCulture, out var effort) && effort > 0:
                Effort = effort;
                return true;
            case "--only" when value is "execution" or "validation" or "legacy" or "stress":
                (Execution, Validation, Legacy, Stress) = (value == "execution", value == "validation", value == "legacy", value == "stress");
                return true;
            case "--file" or "--list" when System.IO.File.Exists(value):
                (File, Lists) = (value, name == "--list");
                return true;
            default:
                return false;
        }
    }
}
