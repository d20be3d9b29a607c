using System.Buffers;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Keeps what a guest writes.</summary>
internal sealed class CapturedOutput(OutputBudget budget) : GuestStream
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public override bool CanWrite => true;

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        budget.Take(buffer.Length);
        _bytes.Write(buffer);
    }
}
