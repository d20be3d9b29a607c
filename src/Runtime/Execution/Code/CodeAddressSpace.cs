namespace HostService.Runtime.Execution.Code;

/// <summary>The Engine's logical code addresses.</summary>
/// <remarks>
/// The CLR shows no program counter that stays put, so code gets addresses of its own: creating a module reserves one contiguous range as long as its
/// code section, and the address of an instruction is the range's start plus the instruction's offset in that section. Ranges are never used
/// again: 64 bits last for 10¹² modules of 16 MB.
/// </remarks>
internal sealed class CodeAddressSpace
{
    // Address 0 belongs to nobody, so that it can mean "no address".
    private ulong _next = 1;

    /// <summary>Reserves a range. Thread-safe.</summary>
    public CodeRange Reserve(int length)
    {
        // One more than the length, so that even an empty code section has an end of its own: ends are the keys of ModuleRegistry.
        var size = (ulong)length + 1;
        var end = Interlocked.Add(ref _next, size);
        return new CodeRange(end - size, end);
    }
}

/// <summary>A range of logical code addresses, <paramref name="End"/> excluded.</summary>
internal readonly record struct CodeRange(ulong Start, ulong End)
{
    /// <summary>Whether an address lies inside.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;
}
