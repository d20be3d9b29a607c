using System.Diagnostics.CodeAnalysis;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>proc_*</c> and <c>sched_yield</c>.</summary>
internal static class Proc
{
    private const uint LastSignal = 30;
    private const int SignalExitCode = 128;

    [DoesNotReturn]
    public static void Exit(uint code) => throw new WasiExitException((int)code);

    /// <summary>Does what the signal does to a program that handles none, as POSIX has it.</summary>
    public static Errno Raise(uint signal) => signal switch
    {
        0 => Errno.Success,
        16 or 17 or 22 or 27 => Errno.Success,     // chld, cont, urg, winch: ignored
        18 or 19 or 20 or 21 => Errno.NotSup,      // stop, tstp, ttin, ttou: nobody could let it go on
        <= LastSignal => throw new WasiExitException(SignalExitCode + (int)signal),
        _ => Errno.Inval,
    };

    public static Errno Yield(GuestCall call)
    {
        call.CheckInterrupts();
        Thread.Yield();
        return Errno.Success;
    }
}
