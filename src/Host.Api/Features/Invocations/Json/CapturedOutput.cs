using System.Buffers;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Keeps what a guest writes.</summary>
internal sealed class CapturedOutput(OutputBudget budget) : GuestStream
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public override bool CanWrite => true;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        budget.Take(buffer.Length);
        _bytes.Write(buffer);
    }
}
