namespace HostService.Runtime.Debugging;

/// <summary>Finds the function that an address lies in, and the functions inlined there. DWARF 5, 3.3.</summary>
internal static class DwarfFunctions
{
    // A declaration, its definition, the abstract instance: real chains have two or three.
    private const int MaxOrigins = 8;

    // Compilers inline some tens of levels at most.
    private const int MaxInlined = 64;

    /// <summary>The functions at an address: the one that was compiled, then what was inlined into it, outermost first; none when it is unknown.</summary>
    public static List<DwarfFunction> Find(DwarfUnit unit, ulong address, DwarfBudget budget)
    {
        var found = new List<DwarfFunction>();
        var abbreviations = unit.ReadAbbreviations(budget);
        var reader = unit.ReadEntries((ulong)unit.RootEntry, budget);
        var (depth, outermost) = (0, int.MaxValue);
        while (reader.Position < unit.End)
        {
            var code = reader.Uleb();
            if (code == 0)
            {
                depth--;
                if (depth <= outermost && found.Count > 0)
                {
                    break;
                }

                continue;
            }

            var shape = abbreviations[code];
            var entry = Read(unit, ref reader, shape);
            if (shape.Tag is DwarfTag.Subprogram or DwarfTag.InlinedSubroutine && (found.Count > 0) == (shape.Tag == DwarfTag.InlinedSubroutine)
                && entry.Extent.Contains(address, unit, budget) && found.Count < MaxInlined)
            {
                found.Add(new DwarfFunction(NameOf(unit, abbreviations, entry, budget), entry.CallFile, entry.CallLine, entry.CallColumn));
                outermost = Math.Min(outermost, depth);
            }

            if (shape.HasChildren)
            {
                depth++;
            }
            else if (depth == outermost)
            {
                break;
            }
        }

        return found;
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
internal readonly record struct DwarfFunction(string? Name, ulong CallFile, int? CallLine, int? CallColumn);
