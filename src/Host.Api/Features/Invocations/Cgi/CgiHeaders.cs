using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>The header block of a CGI response: lines of <c>Name: value</c>, ended by an empty one.</summary>
/// <remarks>
/// <see href="https://www.rfc-editor.org/rfc/rfc3875#section-6.3">RFC 3875, section 6.3</see>. A guest writes it, so nothing is let through that could become another header
/// or another response on the wire: names are tokens, values have no control characters, and fields that belong to the connection are left out.
/// </remarks>
internal sealed class CgiHeaders
{
    /// <summary>The most bytes that the block may have. What common servers and clients take, and then some.</summary>
    public const int MaxBytes = 32 << 10;

    private const int MaxFields = 128;

    private static readonly FrozenSet<string> s_hopByHop = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"], StringComparer.OrdinalIgnoreCase);

    private readonly List<(string Name, string Value)> _fields = [];
    private int? _status;
    private bool _hasLocation;

    private CgiHeaders()
    {
    }

    /// <summary>The HTTP status: the guest's, else 302 with a location, else 200.</summary>
    public int Status => _status ?? (_hasLocation ? StatusCodes.Status302Found : StatusCodes.Status200OK);

    /// <summary>The header fields to send, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    /// <summary>Finds the end of the block.</summary>
    /// <returns>How many bytes it has, with the empty line; or 0 when that has not come yet.</returns>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        for (var lineStart = 0; ;)
        {
            var length = bytes[lineStart..].IndexOf((byte)'\n');
            if (length < 0)
            {
                return 0;
            }

            if (length == 0 || (length == 1 && bytes[lineStart] == (byte)'\r'))
            {
                return lineStart + length + 1;
            }

            lineStart += length + 1;
        }
    }

    /// <summary>Reads a whole block.</summary>
    /// <exception cref="ProblemException">It is not one.</exception>
    public static CgiHeaders Parse(ReadOnlySpan<byte> block)
    {
        var headers = new CgiHeaders();
        foreach (var range in block.Split((byte)'\n'))
        {
            var line = block[range];
            line = line.EndsWith("\r"u8) ? line[..^1] : line;
            if (line.IsEmpty)
            {
                break;
            }

            headers.Add(line);
        }

        return headers;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].IndexOfAnyExcept(s_token) >= 0)
        {
            throw Bad($"The line \"{Show(line)}\" is no header.");
        }

        var name = Encoding.ASCII.GetString(line[..colon]);
        // Latin-1 keeps each byte as it is, and the server is set to write it the same way.
        var value = Encoding.Latin1.GetString(line[(colon + 1)..]).Trim(' ', '\t');
        if (value.Any(character => (character < ' ' && character != '\t') || character == 0x7F))
        {
            throw Bad($"The value of {name} has a control character.");
        }

        if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
        {
            _status = StatusOf(value);
        }
        else if (!s_hopByHop.Contains(name))
        {
            Keep(name, value);
        }
    }

    private void Keep(string name, string value)
    {
        if (_fields.Count == MaxFields)
        {
            throw Bad($"It has more than {MaxFields} headers.");
        }

        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            && (!ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > long.MaxValue || _fields.Any(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
        {
            throw Bad($"Content-Length \"{value}\" is no single number.");
        }

        _hasLocation |= name.Equals("Location", StringComparison.OrdinalIgnoreCase);
        _fields.Add((name, value));
    }

    private static int StatusOf(string value) =>
        value.Length >= 3 && (value.Length == 3 || value[3] == ' ') && int.TryParse(value.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599
            ? status
            : throw Bad($"Status \"{value}\" is none that a response can have (200 to 599).");

    public static ProblemException Bad(string reason) => new(ProblemTypes.BadFunctionResponse, $"The function's answer can't be passed on. {reason}");

    private static string Show(ReadOnlySpan<byte> line)
    {
        var text = Encoding.Latin1.GetString(line.Length > 80 ? line[..80] : line);
        return string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
    }

    // RFC 9110, section 5.6.2.
    private static readonly System.Buffers.SearchValues<byte> s_token =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
}
