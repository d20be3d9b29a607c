namespace HostService.Runtime.Debugging;

/// <summary>The addresses that an entry covers, as its attributes say it: from a low to a high address, or a list of ranges. DWARF 5, 2.17.</summary>
internal readonly record struct DwarfExtent(DwarfValue Low, DwarfValue High, DwarfValue Ranges)
{
    /// <summary>Finds which addresses lie in it.</summary>
    /// <param name="addresses">The addresses, in ascending order.</param>
    /// <param name="unit">What the entry belongs to.</param>
    /// <param name="covered">Gets the places of those that do; one may be there twice when ranges overlap.</param>
    /// <param name="budget">What it counts against.</param>
    public void Find(ReadOnlySpan<ulong> addresses, DwarfUnit unit, List<int> covered, DwarfBudget budget)
    {
        if (Ranges.Exists)
        {
            if (unit.Version >= 5)
            {
                FindInList(addresses, unit, covered, budget);
            }
            else
            {
                FindInPairs(addresses, unit, covered, budget);
            }
        }
        else if (Low.Exists && High.Exists)
        {
            var low = unit.Address(Low, budget);
            FindBetween(addresses, low, High.IsAddress ? unit.Address(High, budget) : low + High.Number, covered, budget);
        }
    }

    // Code begins after the number of functions, so what begins at 0 is a function that the linker took away.
    private static void FindBetween(ReadOnlySpan<ulong> addresses, ulong low, ulong high, List<int> covered, DwarfBudget budget)
    {
        if (low == 0)
        {
            return;
        }

        for (var i = addresses.FirstFrom(low); i < addresses.Length && addresses[i] < high; i++)
        {
            budget.Step();
            covered.Add(i);
        }
    }

    // Versions 2 to 4: pairs of offsets from a base; the largest number as the first sets the base; two zeros end it.
    private void FindInPairs(ReadOnlySpan<ulong> addresses, DwarfUnit unit, List<int> covered, DwarfBudget budget)
    {
        var reader = unit.ReadRanges(Ranges, budget);
        var from = unit.LowAddress;
        var largest = unit.AddressBytes >= sizeof(ulong) ? ulong.MaxValue : (1UL << (unit.AddressBytes * 8)) - 1;
        while (true)
        {
            var (start, end) = (reader.Number(unit.AddressBytes), reader.Number(unit.AddressBytes));
            if (start == 0 && end == 0)
            {
                return;
            }

            if (start == largest)
            {
                from = end;
            }
            else
            {
                FindBetween(addresses, from + start, from + end, covered, budget);
            }
        }
    }

    // Version 5: DWARF 5, 7.25.
    private void FindInList(ReadOnlySpan<ulong> addresses, DwarfUnit unit, List<int> covered, DwarfBudget budget)
    {
        var reader = unit.ReadRanges(Ranges, budget);
        var from = unit.LowAddress;
        while (true)
        {
            ulong start;
            ulong end;
            switch (reader.U8())
            {
                case 0: return;
                case 1: from = unit.AddressAt(reader.Uleb(), budget); continue;
                case 2: (start, end) = (unit.AddressAt(reader.Uleb(), budget), unit.AddressAt(reader.Uleb(), budget)); break;
                case 3: start = unit.AddressAt(reader.Uleb(), budget); end = start + reader.Uleb(); break;
                case 4: (start, end) = (from + reader.Uleb(), from + reader.Uleb()); break;
                case 5: from = reader.Number(unit.AddressBytes); continue;
                case 6: (start, end) = (reader.Number(unit.AddressBytes), reader.Number(unit.AddressBytes)); break;
                case 7: start = reader.Number(unit.AddressBytes); end = start + reader.Uleb(); break;
                default: throw new DwarfException("There is no such kind of range.");
            }

            FindBetween(addresses, start, end, covered, budget);
        }
    }
}
