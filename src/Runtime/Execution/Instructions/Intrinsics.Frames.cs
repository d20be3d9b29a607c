using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HostService.Runtime.Execution.Instructions;

/// <content>What a function needs when it is entered.</content>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZeroVector() => default;
}
