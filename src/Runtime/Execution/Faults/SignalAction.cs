using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.Faults;

/// <summary><c>struct sigaction</c> of glibc and musl on x64 Linux, and the call that reads and replaces one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe partial struct SignalAction
{
    /// <summary>SIGSEGV.</summary>
    public const int SegmentationFault = 11;

    /// <summary>SA_SIGINFO: the handler takes three arguments.</summary>
    public const int TakesInformation = 4;

    public nint Handler;
    public Signals Mask;
    public int Flags;
    public nint Restorer;

    /// <summary>Whether a handler stands here, and not "default" (0) or "ignore" (1).</summary>
    public readonly bool IsHandled => Handler is not (0 or 1);

    /// <summary>Reads what is done about a signal.</summary>
    public static bool TryGet(int signal, out SignalAction action)
    {
        fixed (SignalAction* old = &action)
            return Exchange(signal, null, old) == 0;
    }

    /// <summary>Replaces what is done about a signal.</summary>
    public static bool TrySet(int signal, in SignalAction action)
    {
        fixed (SignalAction* replacement = &action)
            return Exchange(signal, replacement, null) == 0;
    }

    /// <summary>The signal by which the CLR stops a thread that runs managed code, for a collection: the first of the real-time signals.</summary>
    public static int ActivationSignal { get; } = FirstRealTimeSignal();

    [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmin")]
    private static partial int FirstRealTimeSignal();

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Exchange(int signal, SignalAction* replacement, SignalAction* old);

    /// <summary><c>sigset_t</c>: 1,024 bits.</summary>
    [InlineArray(16)]
    public struct Signals
    {
        private ulong _first;

        /// <summary>Whether a signal is one of them.</summary>
        public readonly bool Contains(int signal) => (this[(signal - 1) / 64] >> ((signal - 1) % 64) & 1) != 0;

        /// <summary>Adds a signal.</summary>
        public void Add(int signal) => this[(signal - 1) / 64] |= 1UL << ((signal - 1) % 64);
    }
}
