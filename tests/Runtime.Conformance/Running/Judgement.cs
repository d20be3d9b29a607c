using HostService.Runtime.Errors;

namespace HostService.Runtime.Conformance.Running;

/// <summary>Tells the ways apart in which running code ends.</summary>
internal static class Judgement
{
    public static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    /// <summary>Whether something ended in the trap that was expected.</summary>
    public static Verdict Trap(Exception? thrown, string? expected) => thrown switch
    {
        null => Verdict.Failed($"did not trap; expected \"{expected}\""),
        TrapException trap when TextsMatch(trap.Message, expected) => Verdict.Passed,
        TrapException trap => Verdict.Failed($"trapped with \"{trap.Message}\"; expected \"{expected}\""),
        _ => Verdict.Failed($"{thrown}; expected the trap \"{expected}\""),
    };

    /// <summary>Whether a guest's exception left the guest: the one child of <see cref="WasmException"/> that no other assertion is for.</summary>
    public static bool IsUncaughtException(Exception? thrown) => thrown is WasmException
        and not (TrapException or LinkException or MalformedModuleException or InvalidModuleException or ModuleLimitException or ResourceLimitException);

    /// <summary>The suite's texts are prefixes of the reference interpreter's, and one of them (<c>uninitialized element 2</c>) says more than an engine need say.</summary>
    public static bool TextsMatch(string actual, string? expected) =>
        expected is null || actual.Contains(expected, StringComparison.Ordinal) || expected.Contains(actual, StringComparison.Ordinal);
}
