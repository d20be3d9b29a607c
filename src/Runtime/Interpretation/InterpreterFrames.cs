using System.Reflection;
using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Interpretation;

/// <summary>Which interpreted functions an exception passed: taken down while it passes, since they are gone when the trap is made.</summary>
internal static class InterpreterFrames
{
    private static readonly ConditionalWeakTable<Exception, Queue<InterpretedFrames>> s_passed = [];

    /// <summary>The method of a stack trace that stands for an activation.</summary>
    public static MethodInfo LoopMethod { get; } = typeof(Interpreter).GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Takes the frames of an activation down. An exception filter, so that it runs while they are there.</summary>
    /// <returns>False, always: nothing is caught.</returns>
    public static bool Keep(Exception thrown, InterpreterStack stack, int activation)
    {
        // A guest's exception has no frames.
        if (thrown is not GuestException)
        {
            s_passed.GetOrCreateValue(thrown).Enqueue(stack.FramesOf(activation));
        }

        return false;
    }

    /// <summary>Whether a method of a stack trace stands for an activation of the interpreter.</summary>
    public static bool IsActivation(MethodBase method) => LoopMethod.Equals(method);

    /// <summary>The activations that an exception passed since this was asked last, innermost first.</summary>
    public static Queue<InterpretedFrames> Take(Exception thrown)
    {
        if (s_passed.TryGetValue(thrown, out var frames))
        {
            s_passed.Remove(thrown);
            return frames;
        }

        return new Queue<InterpretedFrames>();
    }
}
