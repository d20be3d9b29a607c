namespace HostService.Runtime.Types;

/// <summary>The type of a linear memory.</summary>
/// <param name="Limits">Its size in pages of <c>2^PageSizeLog2</c> bytes.</param>
/// <param name="Is64">Whether its addresses are <c>i64</c> (memory64) rather than <c>i32</c>.</param>
/// <param name="IsShared">Whether threads may share it (threads proposal).</param>
/// <param name="PageSizeLog2">The base-2 logarithm of its page size: 16 (64 KiB) unless the module uses the custom-page-sizes proposal, then also 0.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#memory-types">Spec: memory types</see></remarks>
public sealed record MemoryType(Limits Limits, bool Is64 = false, bool IsShared = false, int PageSizeLog2 = 16)
{
    /// <summary>The type of this memory's addresses: <c>i32</c> or <c>i64</c>.</summary>
    public ValueType AddressType => Is64 ? ValueType.I64 : ValueType.I32;

    private const int DefaultPageSizeLog2 = 16;

    /// <summary>Which rule of validation it breaks, in the specification's words, or null.</summary>
    /// <remarks><see href="https://webassembly.github.io/spec/core/valid/types.html#memory-types">Spec: memory types</see></remarks>
    internal string? FindProblem()
    {
        if (PageSizeLog2 is not (0 or DefaultPageSizeLog2))
        {
            return $"invalid custom page size 2^{PageSizeLog2}: it must be 1 or 65536";
        }

        // A memory may be as large as its addresses can reach. With one-byte pages it stays a page below that, so that its size is a number of the address type.
        var addressBits = Is64 ? 64 : 32;
        var most = PageSizeLog2 == 0 ? ulong.MaxValue >> (64 - addressBits) : 1UL << (addressBits - PageSizeLog2);
        if (Limits.Minimum > most || Limits.Maximum > most)
        {
            return this is { Is64: false, PageSizeLog2: DefaultPageSizeLog2 }
                ? "memory size must be at most 65536 pages (4GiB)"
                : $"memory size must be at most {most} pages of {1 << PageSizeLog2} bytes";
        }

        return Limits.FindProblem() ?? (IsShared && Limits.Maximum is null ? "shared memory must have maximum" : null);
    }

    /// <summary>Refuses a type that a host made and no module could declare.</summary>
    /// <exception cref="ArgumentException">It breaks a rule of validation.</exception>
    internal void ThrowIfInvalid(string parameter)
    {
        if (FindProblem() is { } problem)
        {
            throw new ArgumentException($"{this} is no valid type: {problem}.", parameter);
        }
    }

    /// <summary>The text format's form, such as <c>(memory i64 1 2)</c>.</summary>
    public override string ToString() =>
        $"(memory {(Is64 ? "i64 " : "")}{Limits}{(IsShared ? " shared" : "")}{(PageSizeLog2 == 16 ? "" : $" (pagesize {1 << PageSizeLog2})")})";
}
