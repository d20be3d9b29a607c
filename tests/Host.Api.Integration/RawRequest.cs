using System.Net.Sockets;
using System.Text;

namespace HostService.Host.Integration;

/// <summary>A connection that sends exactly what the test says, and no more.</summary>
internal sealed class RawRequest : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();

    public static async Task<RawRequest> OpenAsync(Uri address)
    {
        var request = new RawRequest();
        await request._client.ConnectAsync(address.Host, address.Port);
        return request;
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>What comes, up to and including a text; or all of it, when the connection ends before.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        using var clock = new CancellationTokenSource(s_timeout);
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await _client.GetStream().ReadAsync(buffer, clock.Token) > 0)
        {
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    public void Dispose() => _client.Dispose();
}
