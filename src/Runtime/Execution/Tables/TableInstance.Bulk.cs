using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Execution.Tables;

/// <content>The bulk instructions. Each checks its whole range first, so that a trap leaves the table unchanged.</content>
internal sealed partial class TableInstance
{
    private const ulong PollFirstElements = 512;

    /// <summary><c>table.fill</c>.</summary>
    public void Fill(ulong index, object? value, ulong count, int offset)
    {
        CheckRange(index, count, offset);
        if (count == 0)
        {
            return;
        }

        PollFirst(count, offset);

        var elements = Materialize();
        for (var i = (int)index; i < (int)(index + count); i++)
        {
            elements[i].Value = value ?? NullAt(i);
        }
    }

    /// <summary><c>table.copy</c>, also within one table and overlapping.</summary>
    public static void Copy(TableInstance destination, TableInstance source, ulong to, ulong from, ulong count, int offset)
    {
        source.CheckRange(from, count, offset);
        destination.CheckRange(to, count, offset);
        if (count == 0)
        {
            return;
        }

        destination.PollFirst(count, offset);

        var elements = destination.Materialize();
        var backwards = to > from;
        for (var i = 0; i < (int)count; i++)
        {
            var step = backwards ? (int)count - 1 - i : i;
            elements[(int)to + step].Value = source.At((int)from + step) ?? destination.NullAt((int)to + step);
        }
    }

    /// <summary><c>table.init</c>: copies from an element segment of an instance.</summary>
    public void Init(InstanceState instance, int segmentIndex, ulong to, ulong from, ulong count, int offset)
    {
        var segment = instance.Module!.Syntax.ElementSegments[segmentIndex];

        // Instantiation drops active and declarative segments.
        var length = segment.Mode != SegmentMode.Passive || instance.IsElementDropped(segmentIndex) ? 0 : (ulong)segment.Count;
        if (from > length || count > length - from)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsTableAccess, offset);
        }

        CheckRange(to, count, offset);
        if (count == 0)
        {
            return;
        }

        PollFirst(count, offset);

        var elements = Materialize();
        for (var i = 0; i < (int)count; i++)
        {
            elements[(int)to + i].Value = ElementOf(instance, segmentIndex, (int)from + i) ?? NullAt((int)to + i);
        }
    }

    /// <summary>Copies a whole active segment at instantiation; the caller knows that it fits.</summary>
    public void Fill(InstanceState instance, int segmentIndex, ulong to)
    {
        var segment = instance.Module!.Syntax.ElementSegments[segmentIndex];
        if (segment.Count == 0)
        {
            return;
        }

        PollFirst((ulong)segment.Count, offset: null);
        var elements = Materialize();
        for (var i = 0; i < segment.Count; i++)
        {
            elements[(int)to + i].Value = ElementOf(instance, segmentIndex, i) ?? NullAt((int)to + i);
        }
    }

    /// <summary>One element of a segment, evaluated in an instance.</summary>
    internal static object? ElementOf(InstanceState instance, int segmentIndex, int index)
    {
        ref readonly var segment = ref instance.Module!.Syntax.ElementSegments[segmentIndex];
        return segment.Functions is { } functions ? instance.FunctionRef(functions[index]) : instance.ElementValues(segmentIndex)[index];
    }

    // A function without a loop may have a million of these in a row, each over ten million elements.
    private void PollFirst(ulong count, int? offset)
    {
        if (count > PollFirstElements)
        {
            Interrupts.PollIn(_store, offset);
        }
    }

    private void CheckRange(ulong index, ulong count, int offset)
    {
        if (index > (ulong)Length || count > (ulong)Length - index)
        {
            throw Traps.Trap(TrapCode.OutOfBoundsTableAccess, offset);
        }
    }
}
