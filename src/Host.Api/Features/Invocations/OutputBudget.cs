using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations;

/// <summary>How much one invocation may still write, to whichever stream. For the guest's thread.</summary>
internal sealed class OutputBudget(int maxBytes)
{
    private long _left = maxBytes;

    /// <summary>How much of it was taken.</summary>
    public long Taken => maxBytes - _left;

    /// <summary>Takes some of it.</summary>
    /// <exception cref="ProblemException">There is less left. It is no error of a stream, so it ends the guest.</exception>
    public void Take(int bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new ProblemException(ProblemTypes.OutputTooLarge, $"The guest wrote more than {maxBytes} bytes (HostService__Limits__MaxOutputBytes).");
        }
    }
}
