namespace HostService.Runtime.Compilation.Functions;

/// <summary>How the lanes of an <c>i8x16.shuffle</c> of two vectors are had: by the one machine instruction that x64 has for such lanes, or else by a mask for each vector.</summary>
/// <param name="Kind">Which instruction.</param>
/// <param name="Control">Its immediate operand: bytes to shift by, or which elements to take; for <see cref="ShuffleKind.InterleaveLow"/> and High the width of an element in bytes.</param>
/// <param name="IsSwapped">Whether the second vector is its first operand.</param>
internal readonly record struct ShuffleForm(ShuffleKind Kind, int Control = 0, bool IsSwapped = false)
{
    /// <summary>The form for lanes of which some are below 16, bytes of the first vector, and some are not.</summary>
    public static ShuffleForm Of(ReadOnlySpan<byte> lanes)
    {
        for (var swap = 0; swap < 32; swap += 16)
        {
            if (Ordered(lanes, swap) is { Kind: not ShuffleKind.Masks } form)
            {
                return form with { IsSwapped = swap != 0 };
            }
        }

        return IsBlend(lanes, width: 1) ? new ShuffleForm(ShuffleKind.BlendBytes) : default;
    }

    // Exchanging the vectors is adding 16 to the lanes, modulo 32.
    private static ShuffleForm Ordered(ReadOnlySpan<byte> lanes, int swap)
    {
        for (var width = 1; width <= 8; width *= 2)
        {
            if (IsInterleaved(lanes, swap, width, from: 0))
            {
                return new ShuffleForm(ShuffleKind.InterleaveLow, width);
            }

            if (IsInterleaved(lanes, swap, width, from: 8))
            {
                return new ShuffleForm(ShuffleKind.InterleaveHigh, width);
            }
        }

        if (swap == 0 && IsBlend(lanes, width: 2))
        {
            return new ShuffleForm(ShuffleKind.BlendWords, RightWords(lanes));
        }

        if (IsAligned(lanes, swap))
        {
            return new ShuffleForm(ShuffleKind.Align, lanes[0] ^ swap);
        }

        return PairsOfWords(lanes, swap) is { } pairs ? new ShuffleForm(ShuffleKind.Pairs, pairs) : default;
    }

    // Elements in turn: one of the first vector, one of the second, from a byte of both on.
    private static bool IsInterleaved(ReadOnlySpan<byte> lanes, int swap, int width, int from)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            var (element, place) = (i / width, i % width);
            if ((lanes[i] ^ swap) != from + ((element / 2) * width) + place + (16 * (element % 2)))
            {
                return false;
            }
        }

        return true;
    }

    // Sixteen bytes that follow each other, from within the first vector into the second.
    private static bool IsAligned(ReadOnlySpan<byte> lanes, int swap)
    {
        var first = lanes[0] ^ swap;
        if (first is 0 or > 15)
        {
            return false;
        }

        for (var i = 1; i < lanes.Length; i++)
        {
            if ((lanes[i] ^ swap) != first + i)
            {
                return false;
            }
        }

        return true;
    }

    // Every element stays where it is, and is of either vector.
    private static bool IsBlend(ReadOnlySpan<byte> lanes, int width)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            if ((lanes[i] & 15) != i || (lanes[i] ^ lanes[i - (i % width)]) > 15)
            {
                return false;
            }
        }

        return true;
    }

    private static int RightWords(ReadOnlySpan<byte> lanes)
    {
        var words = 0;
        for (var word = 0; word < 8; word++)
        {
            words |= (lanes[2 * word] >> 4) << word;
        }

        return words;
    }

    // Two words of 32 bits of the first vector, then two of the second; which of the four, in two bits each.
    private static int? PairsOfWords(ReadOnlySpan<byte> lanes, int swap)
    {
        var control = 0;
        for (var word = 0; word < 4; word++)
        {
            var first = lanes[4 * word] ^ swap;
            if (first % 4 != 0 || first / 16 != word / 2)
            {
                return null;
            }

            for (var i = 1; i < 4; i++)
            {
                if ((lanes[(4 * word) + i] ^ swap) != first + i)
                {
                    return null;
                }
            }

            control |= (first % 16 / 4) << (2 * word);
        }

        return control;
    }
}

/// <summary>The machine instruction of a <see cref="ShuffleForm"/>.</summary>
internal enum ShuffleKind
{
    /// <summary>None: a mask for each vector, and their sum.</summary>
    Masks,

    /// <summary>The elements of both lower halves in turn.</summary>
    InterleaveLow,

    /// <summary>The elements of both upper halves in turn.</summary>
    InterleaveHigh,

    /// <summary>A part of both vectors behind each other.</summary>
    Align,

    /// <summary>Two words of 32 bits of each.</summary>
    Pairs,

    /// <summary>Words of 16 bits that stay in their places.</summary>
    BlendWords,

    /// <summary>Bytes that stay in their places.</summary>
    BlendBytes,
}
