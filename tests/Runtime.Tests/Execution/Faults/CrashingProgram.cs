using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>What a test process does that another test starts to see how it ends.</summary>
internal static unsafe class CrashingProgram
{
    public const string TouchesForeignPage = "touch-foreign-page";
    public const string OverflowsStack = "overflow-stack";
    public const string CatchesFaults = "catch-faults";
    public const int CaughtExitCode = 42;
    public const int UnsupportedExitCode = 43;

    public static int Main(string[] arguments)
    {
        if (!GuardPages.IsSupported)
            return UnsupportedExitCode;
        switch (arguments)
        {
            case [TouchesForeignPage]:
                Libc.TryReserve((ulong)Environment.SystemPageSize, out byte* foreign);
                return FaultingCode.LoadByte(foreign, 8);
            case [OverflowsStack]:
                return Recurse(0);
            case [CatchesFaults]:
                for (int i = 0; i < 100; i++)
                {
                    try
                    {
                        FaultingCode.LoadByte(GuardedAddressSpace.Inaccessible, (ulong)i);
                        return 1;
                    }
                    catch (NullReferenceException)
                    {
                        continue;
                    }
                }

                return CaughtExitCode;
            default:
                return 2;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth) => Recurse(depth + 1) + (depth & 1);
}
