using System.Globalization;

namespace HostService.Load;

/// <summary>The command line.</summary>
internal sealed class Options(string[] args)
{
    public const string Usage = """
        usage: [--service DIR] [--baseline DIR] [--connections N] [--seconds N] [--rounds N] [--json FILE]
        DIR holds the output of `dotnet publish`; without it, the project is published first.
        """;

    public string? ServiceDirectory => Value("--service");

    public string? BaselineDirectory => Value("--baseline");

    public string? Json => Value("--json");

    public int Connections => Number("--connections", 32);

    public int Seconds => Number("--seconds", 5);

    public int Rounds => Number("--rounds", 3);

    private string? Value(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    private int Number(string option, int fallback) => Value(option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
