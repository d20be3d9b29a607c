using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using HostService.Host.Features.Invocations.Json;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public class LongOutputTests
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(0, "stdout")] // each becomes \u0000
    [InlineData(0xFF, "stdoutBase64")]
    public async Task Output_OfTheWorstKind_IsNeverHeldAsJson(byte value, string member)
    {
        var output = new byte[2 << 20];
        Array.Fill(output, value);
        var body = new MeteredBody();

        await LongOutput.WriteAsync(body, s_options, 3, output, "e\n"u8.ToArray(), default);

        using var answer = JsonDocument.Parse(body.Sent);
        Assert.Equal(["exitCode", member, "stderr"], answer.RootElement.EnumerateObject().Select(found => found.Name));
        Assert.Equal(3, answer.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal(output, value == 0 ? System.Text.Encoding.UTF8.GetBytes(answer.RootElement.GetProperty(member).GetString()!) : answer.RootElement.GetProperty(member).GetBytesFromBase64());
        Assert.Equal("e\n", answer.RootElement.GetProperty("stderr").GetString());
        // A tenth of the output, which is a sixtieth of the longer answer.
        Assert.InRange(body.MostHeld, 1, output.Length / 10);
    }

    // Whatever the pieces are, some of these characters lie across their joints.
    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("\"\\\n")]
    public async Task Characters_AcrossPieces_AreWhole(string character)
    {
        var text = "x" + string.Concat(Enumerable.Repeat(character, 50_000));
        var body = new MeteredBody();

        await LongOutput.WriteAsync(body, s_options, 0, System.Text.Encoding.UTF8.GetBytes(text), default, default);

        using var answer = JsonDocument.Parse(body.Sent);
        Assert.Equal(text, answer.RootElement.GetProperty("stdout").GetString());
        Assert.Equal("", answer.RootElement.GetProperty("stderr").GetString());
    }

    /// <summary>Sees how much lies in the service until it is sent.</summary>
    private sealed class MeteredBody : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _sent = new();
        private int _held;

        public ReadOnlyMemory<byte> Sent => _sent.WrittenMemory;

        public int MostHeld { get; private set; }

        public override void Advance(int bytes)
        {
            _sent.Advance(bytes);
            MostHeld = Math.Max(MostHeld, _held += bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _sent.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _sent.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            _held = 0;
            return default;
        }

        public override void CancelPendingFlush() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();
    }
}
