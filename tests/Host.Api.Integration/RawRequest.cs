using System.Net.Sockets;
using System.Text;

namespace HostService.Host.Integration;

/// <summary>A connection that sends exactly what the test says, and no more.</summary>
internal sealed class RawRequest : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RawRequest> OpenAsync(Uri address)
    {
        var request = new RawRequest();
        await request._client.ConnectAsync(address.Host, address.Port);
        return request;
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>What comes first, to the end of what has come.</summary>
    public async Task<string> ReadAsync(TimeSpan timeout)
    {
        var buffer = new byte[64 << 10];
        var text = "";
        using var clock = new CancellationTokenSource(timeout);
        while (!text.Contains("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await _client.GetStream().ReadAsync(buffer, clock.Token);
            if (read == 0)
            {
                break;
            }

            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return text;
    }

    public void Dispose() => _client.Dispose();
}
