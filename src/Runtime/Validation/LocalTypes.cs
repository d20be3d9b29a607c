using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>A run of locals of one type.</summary>
/// <param name="End">One more than the index of its last local.</param>
/// <param name="Type">Their type.</param>
internal readonly record struct LocalRun(int End, ValueType Type);

/// <summary>The types of a function's locals, parameters first.</summary>
/// <remarks>
/// Three bytes can declare 50,000 locals, and a module a million functions that do. So the locals are kept as the runs that the binary declares, and only the
/// first ones, which nearly all accesses name, are spread out.
/// </remarks>
internal sealed class LocalTypes
{
    private readonly ValueType[] _first = new ValueType[64];
    private LocalRun[] _runs = new LocalRun[16];
    private int _runCount;

    /// <summary>How many locals there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether some local has no default value, so that it must be set before it is read.</summary>
    public bool HasNonDefaultable { get; private set; }

    /// <summary>The largest type index that the declarations name, also those of no locals at all; −1 when they name none.</summary>
    public int MaxTypeIndex { get; private set; }

    /// <summary>The type of a local.</summary>
    public ValueType this[int index] => (uint)index < (uint)_first.Length ? _first[index] : Find(index);

    /// <summary>The locals as runs, parameters first; two neighbours may have the same type.</summary>
    public ReadOnlySpan<LocalRun> Runs => _runs.AsSpan(0, _runCount);

    /// <summary>Starts with a function's parameters.</summary>
    internal void Begin(ReadOnlySpan<ValueType> parameters)
    {
        (Count, _runCount, HasNonDefaultable) = (0, 0, false);
        foreach (var parameter in parameters)
        {
            Append(1, parameter);
        }
    }

    /// <summary>Reads the declarations at the start of a body. The reader is left at the first instruction.</summary>
    internal void ReadDeclarations(ref WasmReader reader, int maxLocals)
    {
        var start = reader.Position;
        var count = reader.ReadCount(itemBytes: 2);
        var total = (ulong)Count;
        MaxTypeIndex = -1;
        for (var i = 0; i < count; i++)
        {
            var locals = reader.ReadU32();
            var type = reader.ReadValueType();
            total += locals;
            if (type.IsRef && type.HeapType is { Kind: HeapKind.Index, Id: var index })
            {
                MaxTypeIndex = Math.Max(MaxTypeIndex, index);
            }

            if (total <= (ulong)maxLocals && locals > 0)
            {
                HasNonDefaultable |= !type.IsDefaultable;
                Append((int)locals, type);
            }
        }

        if (total > uint.MaxValue)
        {
            WasmReader.ThrowMalformed("too many locals", start);
        }

        if (total > (ulong)maxLocals)
        {
            throw new ModuleLimitException($"+0x{start:x}: too many locals: the function has {total}; this engine takes at most {maxLocals}");
        }
    }

    private void Append(int locals, ValueType type)
    {
        if (Count < _first.Length)
        {
            _first.AsSpan(Count, Math.Min(locals, _first.Length - Count)).Fill(type);
        }

        Count += locals;
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, _runs.Length * 2);
        }

        _runs[_runCount++] = new LocalRun(Count, type);
    }

    private ValueType Find(int index)
    {
        var (low, high) = (0, _runCount - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = index < _runs[middle].End ? (low, middle) : (middle + 1, high);
        }

        return _runs[low].Type;
    }
}
