namespace HostService.Runtime.Hostile;

/// <summary>The code that scenarios run on: <c>HOSTILE_CODE</c> in the environment, which processes hand on to those they start.</summary>
internal static class GuestCode
{
    // Functions at their second call and loops at their second turn, so that everything is tried both ways.
    private const int HandsOverAfter = 2;

    public const string HandedOver = "handedover";

    /// <summary>Options with what was chosen: optimized, baseline, tiered, interpreted, or handedover; as they are without a choice.</summary>
    /// <param name="options">The other options.</param>
    /// <param name="always">What a scenario is about; null to leave it to the environment.</param>
    public static EngineOptions Choose(EngineOptions options, string? always) => (always ?? Environment.GetEnvironmentVariable("HOSTILE_CODE")) switch
    {
        null or "" => options,
        HandedOver => options with { Compilation = CompilationStrategy.Interpreted, HandsOverAfter = HandsOverAfter },
        var name => options with { Compilation = Enum.Parse<CompilationStrategy>(name, ignoreCase: true), InterpretsFirstFromBytes = 0 },
    };
}
