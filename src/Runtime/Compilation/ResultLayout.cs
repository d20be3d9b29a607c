using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Calls;

namespace HostService.Runtime.Compilation;

/// <summary>How the CLR lays out a <see cref="ResultSlot"/>. It puts the reference first, whatever the order of declaration, so we ask.</summary>
internal static class ResultLayout
{
    /// <summary>The size of an element of <see cref="Store.Results"/>.</summary>
    public static int Bytes { get; } = Unsafe.SizeOf<ResultSlot>();

    /// <summary>Where in it the bits of a number begin; the upper half of a vector follows the lower one.</summary>
    public static int NumberOffset { get; } = Locate();

    private static int Locate()
    {
        var slot = default(ResultSlot);
        ref var start = ref Unsafe.As<ResultSlot, byte>(ref slot);
        var low = (int)Unsafe.ByteOffset(ref start, ref Unsafe.As<ulong, byte>(ref slot.Low));
        var high = (int)Unsafe.ByteOffset(ref start, ref Unsafe.As<ulong, byte>(ref slot.High));
        return high == low + sizeof(ulong) ? low
            : throw new NotSupportedException("The CLR separates the halves of a ResultSlot: emitted code writes a vector to both at once.");
    }
}
