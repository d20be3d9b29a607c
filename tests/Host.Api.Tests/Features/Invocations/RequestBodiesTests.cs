using System.Buffers;
using System.IO.Pipelines;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

/// <summary>Bodies are read whole within what they and all others may take, and within the time that a call has.</summary>
public sealed class RequestBodiesTests
{
    private readonly BufferBudget _budget = new(LimitsOf(1));

    [Fact]
    public async Task Read_OfABodyThatNeverEnds_IsGivenUp()
    {
        var body = new Pipe();
        await body.Writer.WriteAsync("{"u8.ToArray());

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(body, wallMilliseconds: 50));

        Assert.Equal(ProblemTypes.BadRequest, refusal.Type);
        Assert.Contains("took longer than 50 ms to come (HostService__Limits__WallMilliseconds)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_InPieces_GivesTheWhole()
    {
        var body = new Pipe();
        var reading = ReadAsync(body);
        await body.Writer.WriteAsync("{"u8.ToArray());
        await body.Writer.WriteAsync("}"u8.ToArray());
        await body.Writer.CompleteAsync();

        Assert.Equal("{}"u8.ToArray(), await reading);
    }

    // Also what one request has always room for, however the limit is set.
    [Fact]
    public void Share_BeyondWhatIsLeft_IsRefusedUntilSomethingIsGivenBack()
    {
        var first = _budget.NewShare();
        using var second = _budget.NewShare();

        Assert.True(first.TryGrowTo(1 << 20));
        Assert.True(first.TryGrowTo((1 << 20) + (512 << 10)));
        Assert.False(second.TryGrowTo(1 << 20));
        Assert.True(second.TryGrowTo(16 << 10));
        first.Dispose();
        first.Dispose();
        Assert.True(second.TryGrowTo(2 << 20));
        Assert.False(second.TryGrowTo((2 << 20) + (32 << 10)));
    }

    private static IOptions<ExecutionLimits> LimitsOf(int wallMilliseconds) => Options.Create(
        new ExecutionLimits { MaxRequestBytes = 1 << 20, MaxOutputBytes = 1 << 20, MaxBufferedBytes = 1 << 20, WallMilliseconds = wallMilliseconds });

    private async Task<byte[]> ReadAsync(Pipe body, int wallMilliseconds = 60_000)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new Body(body.Reader));
        return (await new RequestBodies(_budget, LimitsOf(wallMilliseconds), TimeProvider.System).ReadAsync(http.Request)).ToArray();
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
