using System.ComponentModel.DataAnnotations;

namespace HostService.Host.Features.Invocations;

/// <summary>What one invocation, one request and one upload may use. Bound from <c>HostService:Limits</c>; a bad value stops the host at start.</summary>
/// <remarks>docs/limits.md lists these with what happens when each is reached.</remarks>
public sealed class ExecutionLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "HostService:Limits";

    /// <summary>The size of a page of memory that says nothing else.</summary>
    internal const ulong PageBytes = 64 << 10;

    /// <summary>The most that all linear memories of one invocation may have together, in pages of 64 KiB. Default 4,096 (256 MiB).</summary>
    // flite, an ordinary C program, starts with 262 pages and esbuild, a Go program, grows to about 1,000; what a container of 512 MiB can hold once is the other bound.
    [Range(1, 65_536)]
    public int MaxMemoryPages { get; init; } = 4_096;

    /// <summary><see cref="MaxMemoryPages"/> in bytes.</summary>
    internal ulong MaxMemoryBytes => (ulong)MaxMemoryPages * PageBytes;

    /// <summary>The most elements that all tables of one invocation may have together. Default 1,000,000.</summary>
    // 8 MB; pandoc, with 619,906 functions, needs less than half.
    [Range(0, 10_000_000)]
    public int MaxTableElements { get; init; } = 1_000_000;

    /// <summary>The most bytes that structures, arrays and exceptions of one invocation may have together while they are alive. Default 256 MiB.</summary>
    // As much as linear memory: a program in a language with a collector keeps there what others keep in their memory. The engine samples, so it may be off by some percent, and by a quarter for a while.
    [Range(1L << 20, 1L << 40)]
    public long MaxHeapBytes { get; init; } = 256 << 20;

    /// <summary>The most processor time of one invocation, in milliseconds. Default 10,000.</summary>
    // A request that computes for longer is a job: with the usual two cores, a few of those would hold up everybody.
    [Range(1, 86_400_000)]
    public int CpuMilliseconds { get; init; } = 10_000;

    /// <summary>The longest one invocation may last, waiting included, in milliseconds. Default 30,000.</summary>
    // Less than the 60 s after which common proxies give up, so that the client gets this service's answer.
    [Range(1, 86_400_000)]
    public int WallMilliseconds { get; init; } = 30_000;

    /// <summary>The most bytes of stack that a guest may use. Default 512 KiB.</summary>
    // Recursion of tens of thousands of ordinary frames; unwinding a trap at the end of it takes 3.5 ms, at 4 MiB it takes 50 ms and more.
    [Range(16 << 10, 64 << 20)]
    public int StackBytes { get; init; } = 512 << 10;

    /// <summary>The most bytes that one invocation may write to standard output and standard error together. Default 32 MiB.</summary>
    // What is to be JSON is held in memory until the guest ends, in a buffer that doubles; 32 at once then take 1 to 2 GiB. The JSON, up to six times as long, is not held.
    [Range(1, int.MaxValue)]
    public int MaxOutputBytes { get; init; } = 32 << 20;

    /// <summary>The most bytes of a request's body, uploads excepted. Default 32 MiB.</summary>
    // About what Kestrel takes unless told otherwise (28.6 MiB), and as much as an answer may have.
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; init; } = 32 << 20;

    /// <summary>The most bytes that bodies of requests and what programs print may take in memory, of all requests together. Default 512 MiB.</summary>
    // Eight of the largest of each. Beside them the guests have memories, up to 128 of them.
    [Range(1 << 20, 1L << 40)]
    public long MaxBufferedBytes { get; init; } = 512 << 20;

    /// <summary>The most bytes of a module. Default 128 MiB.</summary>
    // The largest programs seen: pandoc 58 MB, esbuild 20 MB.
    [Range(8, 1 << 30)]
    public int MaxModuleBytes { get; init; } = 128 << 20;

    /// <summary>The most bytes of what a module offers and asks for: the names of its exports and imports, 8 for each parameter and result of an exported function, and 32 for each export and import. Default 4 MiB.</summary>
    // It is in each answer that describes the module. A program of 20,000 exported functions with long names needs half.
    [Range(1 << 10, 1 << 30)]
    public int MaxInterfaceBytes { get; init; } = 4 << 20;

    /// <summary>How long one compilation may take, in milliseconds. Default 120,000.</summary>
    // esbuild takes seconds; what takes minutes was made to.
    [Range(1, 3_600_000)]
    public int CompileMilliseconds { get; init; } = 120_000;

    /// <summary>How many modules are compiled at once. Default 2.</summary>
    // Each can take several times its module's size in memory, and a core.
    [Range(1, 64)]
    public int MaxConcurrentCompilations { get; init; } = 2;

    /// <summary>How many invocations run at once; each has a thread. Default 128.</summary>
    // Guests that wait for a slow client hold a thread each but no processor. 128 threads with their stacks take about 200 MB of address space, little of it touched.
    [Range(1, 4_096)]
    public int MaxConcurrentInvocations { get; init; } = 128;

    /// <summary>How many more wait for one of those to end; beyond it, requests are refused. Default 1,024.</summary>
    // Longer queues only make everybody's answer late.
    [Range(0, 1_000_000)]
    public int MaxQueuedInvocations { get; init; } = 1_024;

    /// <summary>The longest that an invocation waits for its turn, in milliseconds. Default 5,000.</summary>
    // Clients that are told to try again later do better than clients that wait.
    [Range(1, 3_600_000)]
    public int QueueMilliseconds { get; init; } = 5_000;

    /// <summary>The most bytes of standard error that one invocation may put into the log. Default 64 KiB.</summary>
    // A stack trace of any language fits; a loop that prints does not fill the disk.
    [Range(0, int.MaxValue)]
    public int MaxLogBytes { get; init; } = 64 << 10;
}
