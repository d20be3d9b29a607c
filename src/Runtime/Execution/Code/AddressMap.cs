namespace HostService.Runtime.Execution.Code;

/// <summary>Translates IL offsets of compiled functions to offsets in the binary: one site for each place where a call or a fault can happen.</summary>
/// <remarks>
/// Immutable and thread-safe. A module of 14 MB has more than a million sites and a process may hold many modules, so a site is two differences to the one before it, about three bytes. They are
/// decoded from the function's start, and only when a trap needs its frames.
/// </remarks>
/// <param name="ends">By function that is not imported, where its sites end; they begin where those of the function before end.</param>
/// <param name="sites">What <see cref="Append"/> wrote, function after function.</param>
internal sealed class AddressMap(int[] ends, byte[] sites)
{
    /// <summary>
    /// In functions with longer bodies calls are not kept apart: each costs four IL instructions, and RyuJIT stops optimising a method with 20,000. The offsets of their
    /// callers' frames are approximate.
    /// </summary>
    public const int MaxSeparatedBytes = 8 * 1024;

    private const int PayloadBits = 7;
    private const int More = 1 << PayloadBits;

    /// <summary>How many functions there are, imported ones not counted.</summary>
    public int FunctionCount => ends.Length;

    /// <summary>How many bytes of memory it takes.</summary>
    public long SizeBytes => sites.LongLength + ((long)sizeof(int) * ends.Length);

    /// <summary>What the constructor was given, to be stored.</summary>
    public (int[] Ends, byte[] Sites) Parts => (ends, sites);

    /// <summary>The first site of a kind that ends after an IL offset, which is where a frame that reports the start of its statement is.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="ilOffset">As the CLR reports it.</param>
    /// <param name="kind">What the frame does.</param>
    /// <returns>The offset from the start of the binary, of the last such site when none follows; −1 when the function has none.</returns>
    public int Find(int function, int ilOffset, AddressSiteKind kind)
    {
        var position = function == 0 ? 0 : ends[function - 1];
        var (site, found) = (default(AddressSite), -1);
        while (position < ends[function])
        {
            site = Read(ref position, site);
            if (site.Kind == kind)
            {
                found = site.Offset;
                if (site.ILOffset > ilOffset)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Writes a site.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="site">The site.</param>
    /// <param name="previous">The one before it in the function; the default for the first.</param>
    public static void Append(List<byte> destination, in AddressSite site, in AddressSite previous)
    {
        // IL offsets ascend. Offsets in the binary nearly always do: ZigZag keeps the others short too.
        var difference = site.Offset - previous.Offset;
        var zigZag = (uint)((difference << 1) ^ (difference >> 31));
        AppendNumber(destination, (uint)(site.ILOffset - previous.ILOffset));
        AppendNumber(destination, ((ulong)zigZag << 1) | (byte)site.Kind);
    }

    private static void AppendNumber(List<byte> destination, ulong value)
    {
        for (; value >= More; value >>= PayloadBits)
        {
            destination.Add((byte)(value | More));
        }

        destination.Add((byte)value);
    }

    private AddressSite Read(ref int position, in AddressSite previous)
    {
        var ilOffset = previous.ILOffset + (int)ReadNumber(ref position);
        var rest = ReadNumber(ref position);
        var zigZag = (uint)(rest >> 1);
        return new AddressSite(ilOffset, previous.Offset + ((int)(zigZag >> 1) ^ -(int)(zigZag & 1)), (AddressSiteKind)(rest & 1));
    }

    private ulong ReadNumber(ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += PayloadBits)
        {
            var next = sites[position++];
            value |= (ulong)(next & (More - 1)) << shift;
            if (next < More)
            {
                return value;
            }
        }
    }
}
