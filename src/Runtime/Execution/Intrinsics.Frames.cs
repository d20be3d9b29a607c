using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HostService.Runtime.Execution;

/// <content>What a function needs when it is entered.</content>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZeroVector() => default;

    /// <summary>Room for operands that are numbers, where a function has more than a method can have locals.</summary>
    public static ulong[] NewNumbers(int count) => new ulong[count];

    /// <summary>Room for operands that are references.</summary>
    public static RefSlot[] NewReferences(int count) => new RefSlot[count];
}
