using HostService.Support;

namespace HostService.Runtime.Hostile;

/// <summary>A module made to hurt the process, and how it is to end instead.</summary>
/// <param name="Name">What it does, in few words.</param>
/// <param name="Ending">How it is to end: the start of what <see cref="Trial"/> says of it.</param>
/// <param name="Binary">Makes the module.</param>
internal sealed record Scenario(string Name, string Ending, Func<byte[]> Binary)
{
    public const string Returns = "returned";
    public const string Exhausts = "trap CallStackExhausted";
    public const string IsInterrupted = "trap Interrupted";
    public const string IsRefused = "refused ModuleLimitException";

    public const string IsTooMuchToCompile = "refused ModuleLimitException: func[";

    /// <summary>A module in the text format.</summary>
    public Scenario(string name, string ending, Func<string> text)
        : this(name, ending, () => Wat.ToBinary(text()))
    {
    }

    /// <summary>How it is to end where accesses are checked one by one; null for the same.</summary>
    public string? EndingWithExplicitChecks { get; init; }

    /// <summary>Whether it would run for ever: the Store gets a deadline that passes soon after the start.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Whether suspicious functions are compiled in a child process first, as the service has it.</summary>
    public bool IsTried { get; init; } = true;

    /// <summary>The code that it runs on, where that matters; see <see cref="GuestCode.Choose"/>.</summary>
    public string? Code { get; init; }

    /// <summary>What the Store may use.</summary>
    public StoreLimits Limits { get; init; } = StoreLimits.Default;

    /// <summary>What to do with the instance; null to call <c>run</c> once.</summary>
    public Action<Instance>? Act { get; init; }

    /// <summary>How long compiling and running may take. Generous: these are bounds against explosions, for machines that are busy.</summary>
    public int MaxSeconds { get; init; } = 150;

    /// <summary>How much the process may grow.</summary>
    public int MaxMegabytes { get; init; } = 2_048;

    public string EndingWith(BoundsChecks checks) => checks == BoundsChecks.Explicit ? EndingWithExplicitChecks ?? Ending : Ending;

    public override string ToString() => Name;
}
