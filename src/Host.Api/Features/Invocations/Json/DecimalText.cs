namespace HostService.Host.Features.Invocations.Json;

/// <summary>The parts of a number as JSON writes it: <c>-12.5e3</c>. Strings hold the same texts: no white space, no plus sign in front, no other names of infinity.</summary>
internal readonly ref struct DecimalText
{
    private const int MaxExponent = 1_000_000; // no text that is short enough to be read has as many digits

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly int _exponent;
    private readonly bool _isNegative;

    private DecimalText(bool isNegative, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int exponent)
    {
        _isNegative = isNegative;
        _whole = whole;
        _fraction = fraction;
        _exponent = exponent;
    }

    /// <summary>Takes a text apart.</summary>
    /// <returns>False when it is no such number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out DecimalText number)
    {
        number = default;
        var rest = text;
        var isNegative = Take(ref rest, (byte)'-');
        var whole = TakeDigits(ref rest);
        ReadOnlySpan<byte> fraction = [];
        if (whole.IsEmpty || (Take(ref rest, (byte)'.') && (fraction = TakeDigits(ref rest)).IsEmpty))
        {
            return false;
        }

        var exponent = 0;
        if ((Take(ref rest, (byte)'e') || Take(ref rest, (byte)'E')) && !TryTakeExponent(ref rest, out exponent))
        {
            return false;
        }

        number = new DecimalText(isNegative, whole, fraction, exponent);
        return rest.IsEmpty;
    }

    /// <summary>The number as an integer, however it is written: <c>1e3</c> and <c>2.0</c> are integers as well. Exact.</summary>
    /// <param name="integer">The value, or when the result is not <see cref="Fit.Exact"/>, 0.</param>
    public Fit ToInt64(out long integer)
    {
        integer = 0;
        var digits = _whole.Length + _fraction.Length;
        var first = 0;
        while (first < digits && DigitAt(first) == 0)
        {
            first++;
        }

        if (first == digits)
        {
            return Fit.Exact;
        }

        var end = digits;
        while (DigitAt(end - 1) == 0)
        {
            end--;
        }

        // The value is the digits from first to end, and then so many zeros, or with the point inside them.
        var point = _whole.Length + _exponent;
        if (point - first > 19)
        {
            return Fit.OutOfRange;
        }

        if (end > point)
        {
            return Fit.HasFraction;
        }

        // 19 digits fit: the largest is below 2^64.
        ulong magnitude = 0;
        for (var place = first; place < point; place++)
        {
            magnitude = (magnitude * 10) + (place < end ? DigitAt(place) : 0);
        }

        if (magnitude > (ulong)long.MaxValue + (_isNegative ? 1UL : 0))
        {
            return Fit.OutOfRange;
        }

        integer = _isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
        return Fit.Exact;
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> rest, byte wanted)
    {
        if (rest.IsEmpty || rest[0] != wanted)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> rest)
    {
        var count = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = count < 0 ? rest : rest[..count];
        rest = rest[digits.Length..];
        return digits;
    }

    private static bool TryTakeExponent(scoped ref ReadOnlySpan<byte> rest, out int exponent)
    {
        exponent = 0;
        var isNegative = Take(ref rest, (byte)'-');
        if (!isNegative)
        {
            _ = Take(ref rest, (byte)'+');
        }

        var digits = TakeDigits(ref rest);
        foreach (var digit in digits)
        {
            exponent = Math.Min((exponent * 10) + (digit - '0'), MaxExponent);
        }

        exponent = isNegative ? -exponent : exponent;
        return !digits.IsEmpty;
    }

    private uint DigitAt(int place) => (uint)((place < _whole.Length ? _whole[place] : _fraction[place - _whole.Length]) - '0');

    /// <summary>How a number fits into a type.</summary>
    public enum Fit
    {
        /// <summary>It does.</summary>
        Exact,

        /// <summary>It is too large or too small.</summary>
        OutOfRange,

        /// <summary>It is not an integer.</summary>
        HasFraction,
    }
}
