using System.Text;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>Standard error as log messages, one for each line, up to a limit.</summary>
internal sealed partial class GuestLog : GuestStream
{
    private const int MaxLineBytes = 4 << 10;

    private readonly ILogger _logger;
    private readonly OutputBudget _budget;
    private readonly int _maxBytes;
    private byte[]? _line; // most guests have nothing to say
    private int _length;
    private int _left;
    private bool _isCut;

    /// <param name="logger">Where the lines go.</param>
    /// <param name="budget">What the invocation may write in all.</param>
    /// <param name="maxBytes">How much of it may go into the log.</param>
    public GuestLog(ILogger logger, OutputBudget budget, int maxBytes)
    {
        (_logger, _budget, _maxBytes, _left) = (logger, budget, maxBytes, maxBytes);
        _isCut = maxBytes == 0;
    }

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _budget.Take(buffer.Length);
        while (!buffer.IsEmpty && !_isCut)
        {
            var end = buffer.IndexOf((byte)'\n');
            var part = end < 0 ? buffer : buffer[..end];
            Append(part);
            if (end >= 0)
            {
                WriteLine();
            }

            buffer = end < 0 ? [] : buffer[(end + 1)..];
        }
    }

    /// <summary>Writes the line that no line feed ended.</summary>
    public void Finish()
    {
        if (_length > 0)
        {
            WriteLine();
        }
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        _line ??= new byte[MaxLineBytes];
        while (!part.IsEmpty && !_isCut)
        {
            var count = Math.Min(part.Length, Math.Min(MaxLineBytes - _length, _left));
            part[..count].CopyTo(_line.AsSpan(_length));
            (_length, _left) = (_length + count, _left - count);
            part = part[count..];
            if (_left == 0)
            {
                WriteLine();
                _isCut = true;
                LogCut(_maxBytes);
            }
            else if (_length == MaxLineBytes)
            {
                WriteLine();
            }
        }
    }

    private void WriteLine()
    {
        if (_length > 0 && _logger.IsEnabled(LogLevel.Information))
        {
            LogLine(Printable(_line.AsSpan(0, _length)));
        }

        _length = 0;
    }

    // What a terminal would obey, or a reader of the log take for a line of its own, is shown as a mark.
    private static string Printable(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).TrimEnd('\r');
        return text.Any(IsUnsafe) ? string.Concat(text.Select(character => IsUnsafe(character) ? '\uFFFD' : character)) : text;

        static bool IsUnsafe(char character) => char.IsControl(character) && character != '\t';
    }

    [LoggerMessage(300, LogLevel.Information, "{GuestLine}")]
    private partial void LogLine(string guestLine);

    [LoggerMessage(301, LogLevel.Warning, "The guest wrote more than {MaxBytes} bytes to standard error; the rest is not logged.")]
    private partial void LogCut(int maxBytes);
}
