namespace HostService.Runtime.Debugging;

/// <summary>Finds the functions that addresses lie in, and the functions inlined there. DWARF 5, 3.3.</summary>
internal sealed class DwarfFunctions
{
    // A declaration, its definition, the abstract instance: real chains have two or three.
    private const int MaxOrigins = 8;

    // Compilers inline some tens of levels at most.
    private const int MaxInlined = 64;

    private readonly DwarfUnit _unit;
    private readonly ulong[] _addresses;
    private readonly DwarfBudget _budget;
    private readonly Chain[] _chains;
    private readonly List<int> _covered = []; // by the entry that is being looked at
    private readonly List<int> _open = [];    // addresses in functions that have not ended yet
    private int _missing;

    private DwarfFunctions(DwarfUnit unit, ulong[] addresses, DwarfBudget budget)
    {
        (_unit, _addresses, _budget, _missing) = (unit, addresses, budget, addresses.Length);
        _chains = [.. addresses.Select(_ => new Chain())];
    }

    /// <summary>The functions at each address: the one that was compiled, then what was inlined into it, outermost first; none where it is unknown.</summary>
    /// <param name="unit">The unit that the addresses lie in.</param>
    /// <param name="addresses">The addresses, in ascending order.</param>
    /// <param name="budget">What it counts against.</param>
    public static IReadOnlyList<DwarfFunction>[] Find(DwarfUnit unit, ulong[] addresses, DwarfBudget budget)
    {
        var functions = new DwarfFunctions(unit, addresses, budget);
        functions.Walk();
        return [.. functions._chains.Select(chain => chain.Functions)];
    }

    private void Walk()
    {
        var abbreviations = _unit.ReadAbbreviations(_budget);
        var reader = _unit.ReadEntries((ulong)_unit.RootEntry, _budget);
        var depth = 0;
        while (reader.Position < _unit.End && _missing > 0)
        {
            var position = reader.Position;
            var code = reader.Uleb();
            if (code == 0)
            {
                depth--;
                Close(depth);
                continue;
            }

            var shape = abbreviations[code];
            var entry = Read(_unit, ref reader, shape);
            if (shape.Tag is DwarfTag.Subprogram or DwarfTag.InlinedSubroutine)
            {
                Add(entry, position, shape.Tag == DwarfTag.InlinedSubroutine, depth, abbreviations);
            }

            if (shape.HasChildren)
            {
                depth++;
            }
            else
            {
                Close(depth);
            }
        }
    }

    // Adds the function of an entry to the addresses that it covers. Only what is inlined lies in another function.
    private void Add(in Entry entry, int position, bool isInlined, int depth, DwarfAbbreviations abbreviations)
    {
        if (isInlined && _open.Count == 0)
        {
            return;
        }

        _covered.Clear();
        entry.Extent.Find(_addresses, _unit, _covered, _budget);
        DwarfFunction? function = null;
        foreach (var place in _covered)
        {
            var chain = _chains[place];
            if (chain.HasEnded || chain.Functions.Count > 0 != isInlined || chain.Functions.Count == MaxInlined || chain.LastEntry == position)
            {
                continue;
            }

            function ??= new DwarfFunction(NameOf(_unit, abbreviations, entry, _budget), entry.CallFile, entry.CallLine, entry.CallColumn);
            chain.Functions.Add(function);
            chain.LastEntry = position;
            if (!isInlined)
            {
                chain.Depth = depth;
                _open.Add(place);
            }
        }
    }

    // An entry at this depth, with all that is in it, has been read: functions there have ended.
    private void Close(int depth)
    {
        while (_open.Count > 0 && _chains[_open[^1]] is var chain && depth <= chain.Depth)
        {
            _budget.Step();
            chain.HasEnded = true;
            _open.RemoveAt(_open.Count - 1);
            _missing--;
        }
    }

    // The name is the entry's own or that of what it is an instance of, which may be in another place of the unit.
    private static string? NameOf(DwarfUnit unit, DwarfAbbreviations abbreviations, Entry entry, DwarfBudget budget)
    {
        for (var i = 0; i < MaxOrigins; i++)
        {
            if (unit.Text(entry.Name.Exists ? entry.Name : entry.LinkageName, budget) is { } name)
            {
                return name;
            }

            if (!entry.Origin.Exists)
            {
                return null;
            }

            var offset = entry.Origin.Number + (entry.Origin.IsUnitReference ? (ulong)unit.Start : 0);
            if (offset < (ulong)unit.RootEntry || offset >= (ulong)unit.End)
            {
                return null; // of another unit, whose shapes are others
            }

            var reader = unit.ReadEntries(offset, budget);
            var code = reader.Uleb();
            if (code == 0)
            {
                return null;
            }

            entry = Read(unit, ref reader, abbreviations[code]);
        }

        return null;
    }

    private static Entry Read(DwarfUnit unit, ref DwarfReader reader, Abbreviation shape)
    {
        var entry = default(Entry);
        var (low, high, ranges) = (default(DwarfValue), default(DwarfValue), default(DwarfValue));
        foreach (var attribute in shape.Attributes)
        {
            var value = unit.ReadValue(ref reader, attribute);
            switch (attribute.Attribute)
            {
                case DwarfAttribute.Name: entry.Name = value; break;
                case DwarfAttribute.LinkageName: entry.LinkageName = value; break;
                case DwarfAttribute.AbstractOrigin or DwarfAttribute.Specification: entry.Origin = value; break;
                case DwarfAttribute.LowPc: low = value; break;
                case DwarfAttribute.HighPc: high = value; break;
                case DwarfAttribute.Ranges: ranges = value; break;
                case DwarfAttribute.CallFile: entry.CallFile = value.Number; break;
                case DwarfAttribute.CallLine: entry.CallLine = value.Small; break;
                case DwarfAttribute.CallColumn: entry.CallColumn = value.Small; break;
            }
        }

        entry.Extent = new DwarfExtent(low, high, ranges);
        return entry;
    }

    /// <summary>What is known of one address.</summary>
    private sealed class Chain
    {
        public List<DwarfFunction> Functions { get; } = [];

        /// <summary>Where the entry of the last one is.</summary>
        public int LastEntry { get; set; } = -1;

        /// <summary>How deep the entry of the first one is.</summary>
        public int Depth { get; set; }

        /// <summary>Whether everything in the first one has been read.</summary>
        public bool HasEnded { get; set; }
    }

    private struct Entry
    {
        public DwarfValue Name;
        public DwarfValue LinkageName;
        public DwarfValue Origin;
        public DwarfExtent Extent;
        public ulong CallFile;
        public int? CallLine;
        public int? CallColumn;
    }
}

/// <summary>A function at an address.</summary>
/// <param name="Name">Its name in the source, or null.</param>
/// <param name="CallFile">If it was inlined, the file of the line program that it was called in.</param>
/// <param name="CallLine">If it was inlined, the line.</param>
/// <param name="CallColumn">If it was inlined, the column.</param>
internal sealed record DwarfFunction(string? Name, ulong CallFile, int? CallLine, int? CallColumn);
