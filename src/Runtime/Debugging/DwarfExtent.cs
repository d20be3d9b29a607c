namespace HostService.Runtime.Debugging;

/// <summary>The addresses that an entry covers, as its attributes say it: from a low to a high address, or a list of ranges. DWARF 5, 2.17.</summary>
internal readonly record struct DwarfExtent(DwarfValue Low, DwarfValue High, DwarfValue Ranges)
{
    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(ulong address, DwarfUnit unit, DwarfBudget budget)
    {
        if (Ranges.Exists)
        {
            return unit.Version >= 5 ? InList(address, unit, budget) : InPairs(address, unit, budget);
        }

        if (!Low.Exists || !High.Exists)
        {
            return false;
        }

        var low = unit.Address(Low, budget);
        var high = High.IsAddress ? unit.Address(High, budget) : low + High.Number;
        return IsBetween(address, low, high);
    }

    // Code begins after the number of functions, so what begins at 0 is a function that the linker took away.
    private static bool IsBetween(ulong address, ulong low, ulong high) => low != 0 && address >= low && address < high;

    // Versions 2 to 4: pairs of offsets from a base; the largest number as the first sets the base; two zeros end it.
    private bool InPairs(ulong address, DwarfUnit unit, DwarfBudget budget)
    {
        var reader = unit.ReadRanges(Ranges, budget);
        var from = unit.LowAddress;
        var largest = unit.AddressBytes >= sizeof(ulong) ? ulong.MaxValue : (1UL << (unit.AddressBytes * 8)) - 1;
        while (true)
        {
            var (start, end) = (reader.Number(unit.AddressBytes), reader.Number(unit.AddressBytes));
            if (start == 0 && end == 0)
            {
                return false;
            }

            if (start == largest)
            {
                from = end;
            }
            else if (IsBetween(address, from + start, from + end))
            {
                return true;
            }
        }
    }

    // Version 5: DWARF 5, 7.25.
    private bool InList(ulong address, DwarfUnit unit, DwarfBudget budget)
    {
        var reader = unit.ReadRanges(Ranges, budget);
        var from = unit.LowAddress;
        while (true)
        {
            ulong start;
            ulong end;
            switch (reader.U8())
            {
                case 0: return false;
                case 1: from = unit.AddressAt(reader.Uleb(), budget); continue;
                case 2: (start, end) = (unit.AddressAt(reader.Uleb(), budget), unit.AddressAt(reader.Uleb(), budget)); break;
                case 3: start = unit.AddressAt(reader.Uleb(), budget); end = start + reader.Uleb(); break;
                case 4: (start, end) = (from + reader.Uleb(), from + reader.Uleb()); break;
                case 5: from = reader.Number(unit.AddressBytes); continue;
                case 6: (start, end) = (reader.Number(unit.AddressBytes), reader.Number(unit.AddressBytes)); break;
                case 7: start = reader.Number(unit.AddressBytes); end = start + reader.Uleb(); break;
                default: throw new DwarfException("There is no such kind of range.");
            }

            if (IsBetween(address, start, end))
            {
                return true;
            }
        }
    }
}
