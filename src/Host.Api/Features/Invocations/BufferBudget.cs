using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations;

/// <summary>How much of requests' bodies and of programs' output the service keeps in memory, of all requests together. Thread-safe.</summary>
/// <remarks>
/// Each request has limits of its own, but anybody with a key may send hundreds at once, and be slow to finish them or to take the answers: 165 bodies of 31 MiB that never came to an end
/// ended a process that had 7 GiB. What streams needs nothing of this.
/// </remarks>
internal sealed class BufferBudget(IOptions<ExecutionLimits> limits)
{
    /// <summary>As much of each body and each output counts as nothing: most are shorter, and short calls are many.</summary>
    private const int FreeBytes = 16 << 10;

    // One request always has room, however the limits are set.
    private long _left = Math.Max(limits.Value.MaxBufferedBytes, (long)limits.Value.MaxRequestBytes + limits.Value.MaxOutputBytes);

    /// <summary>A share of it that has nothing yet.</summary>
    public Share NewShare() => new(this);

    private bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, bytes);
        return false;
    }

    /// <summary>What one body or one output takes. For one thread at a time; given back when it is disposed.</summary>
    internal sealed class Share(BufferBudget budget) : IDisposable
    {
        private long _taken;

        /// <summary>Takes as much as a length needs beyond what was taken before.</summary>
        /// <returns>False when that much is not left; then nothing was taken.</returns>
        public bool TryGrowTo(long length)
        {
            var more = length - FreeBytes - _taken;
            if (more <= 0)
            {
                return true;
            }

            if (!budget.TryTake(more))
            {
                return false;
            }

            _taken += more;
            return true;
        }

        public void Dispose()
        {
            Interlocked.Add(ref budget._left, _taken);
            _taken = 0;
        }
    }
}
