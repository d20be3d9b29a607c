using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Wide arithmetic: the upper halves of products. The lower one is the product itself, whatever the signs.</content>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64MulWideS(long left, long right) => Math.BigMul(left, right, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64MulWideU(long left, long right) => (long)Math.BigMul((ulong)left, (ulong)right, out _);
}
