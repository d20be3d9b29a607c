using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Execution.Tables;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Structures, arrays and casts. Arrays of guests have the layout of arrays of their element, so they are used as such.</content>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RefEq(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is I31 one && right is I31 other && one.Value == other.Value) ? 1 : 0;

    public static object RefI31(int bits) => I31.From(bits);

    public static object? AnyConvertExtern(object? reference, InstanceState state)
    {
        var internalized = Internalize(reference, state.Store.Engine);
        return internalized is null || ReferenceEquals(internalized, reference)
            ? internalized
            : Counted(internalized, ObjectHeaderBytes + sizeof(long), state, offset: -1);
    }

    public static object? ExternConvertAny(object? reference) => reference is HostReference host ? host.Value : reference;

    /// <summary>What an external reference is in the internal hierarchy: itself when it came from there.</summary>
    public static object? Internalize(object? reference, Engine engine) =>
        reference is null or StructObject or I31 or HostReference || (reference is Array && engine.Signatures.IsGuestArray(reference))
            ? reference
            : new HostReference(reference);

    public static int IsEq(object? reference) => reference is StructObject or I31 or Array ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IsFunction(object? reference, InstanceState state, int type) => reference is FuncRef function
        && (function.Signature == state.TypeIds[type] || state.Store.Engine.Signatures.IsSubtype(function.Signature, state.TypeIds[type])) ? 1 : 0;

    public static int IsArray(object? reference, InstanceState state, int type) =>
        reference is not null && state.Store.Engine.Signatures.IsInstance(reference, state.TypeIds[type]) ? 1 : 0;

    public static void ArrayFillI8(object array, int start, int value, int count, int offset) =>
        Range<byte>(array, start, count, offset).Fill((byte)value);

    public static void ArrayFillI16(object array, int start, int value, int count, int offset) =>
        Range<ushort>(array, start, count, offset).Fill((ushort)value);

    public static void ArrayFillI32(object array, int start, int value, int count, int offset) => Range<int>(array, start, count, offset).Fill(value);

    public static void ArrayFillI64(object array, int start, long value, int count, int offset) => Range<long>(array, start, count, offset).Fill(value);

    public static void ArrayFillF32(object array, int start, float value, int count, int offset) => Range<float>(array, start, count, offset).Fill(value);

    public static void ArrayFillF64(object array, int start, double value, int count, int offset) => Range<double>(array, start, count, offset).Fill(value);

    public static void ArrayFillV128(object array, int start, System.Runtime.Intrinsics.Vector128<byte> value, int count, int offset) =>
        Range<System.Runtime.Intrinsics.Vector128<byte>>(array, start, count, offset).Fill(value);

    public static void ArrayFillRef(object array, int start, object? value, int count, int offset) =>
        Range<RefSlot>(array, start, count, offset).Fill(new RefSlot { Value = value });

    public static void ArrayCopyBytes(object to, int toStart, object from, int fromStart, int count, int elementBytes, int offset)
    {
        CheckRange(to, toStart, count, offset);
        CheckRange(from, fromStart, count, offset);
        ref var source = ref MemoryMarshal.GetArrayDataReference(Unsafe.As<Array>(from));
        ref var target = ref MemoryMarshal.GetArrayDataReference(Unsafe.As<Array>(to));

        // Both are parts of one array's bytes at most, and a span's length is 32 bits: large arrays of wide elements go in pieces.
        var longest = Array.MaxLength / elementBytes;
        var backwards = toStart > fromStart;
        for (var done = 0; done < count;)
        {
            var piece = Math.Min(longest, count - done);
            var at = backwards ? count - done - piece : done;
            MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref source, (nint)((long)(fromStart + at) * elementBytes)), piece * elementBytes)
                .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref target, (nint)((long)(toStart + at) * elementBytes)), piece * elementBytes));
            done += piece;
        }
    }

    public static void ArrayCopyRef(object to, int toStart, object from, int fromStart, int count, int offset)
    {
        var target = Range<RefSlot>(to, toStart, count, offset);
        Range<RefSlot>(from, fromStart, count, offset).CopyTo(target);
    }

    public static void ArrayInitData(object array, int start, int from, int count, InstanceState state, int segment, int elementBytes, int offset)
    {
        CheckRange(array, start, count, offset);
        var data = SegmentData(state, segment, from, count, elementBytes, offset);
        ref var first = ref MemoryMarshal.GetArrayDataReference(Unsafe.As<Array>(array));
        data.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref first, (nint)((long)(uint)start * elementBytes)), data.Length));
    }

    /// <summary>Checks that a segment has the data of a new array.</summary>
    public static int ArrayDataLength(int from, int count, InstanceState state, int segment, int elementBytes, int offset)
    {
        SegmentData(state, segment, from, count, elementBytes, offset);
        return count;
    }

    public static void ArrayInitElem(object array, int start, int from, int count, InstanceState state, int segment, int offset)
    {
        var target = Range<RefSlot>(array, start, count, offset);
        ArrayElemLength(from, count, state, segment, offset);
        for (var i = 0; i < target.Length; i++)
        {
            target[i].Value = TableInstance.ElementOf(state, segment, from + i);
        }
    }

    /// <summary>Checks that a segment has the elements of a new array.</summary>
    public static int ArrayElemLength(int from, int count, InstanceState state, int segment, int offset)
    {
        var available = state.IsElementDropped(segment) || state.Module!.Syntax.ElementSegments[segment].Mode != SegmentMode.Passive
            ? 0u
            : (uint)state.Module.Syntax.ElementSegments[segment].Count;
        return (uint)from <= available && (uint)count <= available - (uint)from
            ? count
            : throw Traps.Trap(TrapCode.OutOfBoundsTableAccess, offset);
    }

    private static ReadOnlySpan<byte> SegmentData(InstanceState state, int segment, int from, int count, int elementBytes, int offset)
    {
        var data = state.DataSegment(segment);
        var bytes = (ulong)(uint)count * (uint)elementBytes;
        return (uint)from <= (uint)data.Length && bytes <= (ulong)(data.Length - from)
            ? data.Slice(from, (int)bytes)
            : throw Traps.Trap(TrapCode.OutOfBoundsMemoryAccess, offset);
    }

    private static Span<T> Range<T>(object array, int start, int count, int offset)
    {
        CheckRange(array, start, count, offset);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.As<T[]>(array)), start), count);
    }

    private static void CheckRange(object array, int start, int count, int offset)
    {
        var length = (uint)Unsafe.As<Array>(array).Length;
        if ((uint)start > length || (uint)count > length - (uint)start)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsArrayAccess, offset);
        }
    }
}
