using System.Globalization;
using System.Runtime.InteropServices;
using HostService.Runtime.Benchmarks.Modules;

namespace HostService.Runtime.Benchmarks.Measuring;

/// <summary>Times the same C source as machine code, where it was built.</summary>
internal static unsafe class NativeKernel
{
    /// <summary>The median of the rounds, or <see langword="null"/> where there is no native build.</summary>
    public static double? MedianSeconds(Kernel kernel, Effort effort)
    {
        if (kernel.NativeLibrary is not { } path)
            return null;
        var library = NativeLibrary.Load(path);
        try
        {
            // The result type differs between kernels (i32 or i64), which the calling convention does not see.
            var run = (delegate* unmanaged[Cdecl]<int, long>)NativeLibrary.GetExport(library, Kernel.Export);
            var argument = int.Parse(kernel.Argument, CultureInfo.InvariantCulture);
            run(argument);
            var rounds = Enumerable.Range(0, effort.Rounds).Select(_ => Contest.Time(() => run(argument))).ToList();
            return Sample.FromRounds(rounds).Seconds;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }
}
