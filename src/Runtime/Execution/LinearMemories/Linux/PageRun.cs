using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>Pages that may have been written, one after another: the kernel's <c>struct page_region</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PageRun
{
    public byte* Start;
    public byte* End;
    public ulong Categories;

    /// <summary>Whether they were written for certain. If not, some may be the shared page of zeros, which is better compared than written to.</summary>
    public readonly bool IsCertain => Categories != 0;
}
