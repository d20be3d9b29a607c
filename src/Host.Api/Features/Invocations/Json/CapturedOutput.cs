using System.Buffers;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Keeps what a guest writes.</summary>
/// <param name="budget">How much the invocation may write.</param>
/// <param name="share">What its outputs take of the memory for all invocations.</param>
internal sealed class CapturedOutput(OutputBudget budget, BufferBudget.Share share) : GuestStream
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public override bool CanWrite => true;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        budget.Take(buffer.Length);
        if (!share.TryGrowTo(budget.Taken))
        {
            throw new ProblemException(
                ProblemTypes.ResourceExhausted, $"What programs print takes as much memory as it may, of all requests together (HostService__Limits__{nameof(ExecutionLimits.MaxBufferedBytes)}).");
        }

        _bytes.Write(buffer);
    }
}
