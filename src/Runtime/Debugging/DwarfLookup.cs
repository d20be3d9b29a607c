using System.Collections.Immutable;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Debugging;

/// <summary>Finds the positions of some addresses, each unit read once for all that lie in it.</summary>
internal sealed class DwarfLookup
{
    // A position is an object that lives as long as the answer.
    private const long StepsOfPosition = 200;

    private readonly DwarfSections _sections;
    private readonly ulong[] _addresses;
    private readonly DwarfBudget _budget;
    private readonly ImmutableArray<SourcePosition>[] _found;
    private readonly List<int> _covered = []; // by the unit that is being looked at
    private int _missing;

    private DwarfLookup(DwarfSections sections, ulong[] addresses, DwarfBudget budget)
    {
        (_sections, _addresses, _budget, _missing) = (sections, addresses, budget, addresses.Length);
        _found = new ImmutableArray<SourcePosition>[addresses.Length];
        Array.Fill(_found, []);
    }

    /// <summary>The positions of each address, innermost first; none where they are not known. Never throws: what is broken is passed over, and what takes too long ends the search.</summary>
    /// <param name="sections">The module's debugging information.</param>
    /// <param name="units">Its units.</param>
    /// <param name="addresses">The addresses, distinct and in ascending order.</param>
    /// <param name="budget">What it counts against.</param>
    public static ImmutableArray<SourcePosition>[] Find(DwarfSections sections, List<DwarfUnit> units, ulong[] addresses, DwarfBudget budget)
    {
        var lookup = new DwarfLookup(sections, addresses, budget);
        try
        {
            foreach (var unit in units)
            {
                lookup.LookInto(unit);
                if (lookup._missing == 0)
                {
                    break;
                }
            }
        }
        catch (DwarfException)
        {
        }

        return lookup._found;
    }

    private void LookInto(DwarfUnit unit)
    {
        var places = Unbroken(() => Covered(unit)) ?? [];
        if (places.Length == 0)
        {
            return;
        }

        // A unit without its lines still has its functions, and the other way round.
        ulong[] addresses = [.. places.Select(place => _addresses[place])];
        var lines = Unbroken(() => DwarfLineProgram.Read(_sections, unit, _budget));
        var rows = lines is null ? null : Unbroken(() => lines.Find(addresses, _budget));
        var functions = Unbroken(() => DwarfFunctions.Find(unit, addresses, _budget));
        for (var i = 0; i < places.Length; i++)
        {
            var (row, chain) = (rows?[i], functions?[i] ?? []);
            if (Unbroken(() => PositionsOf(unit, lines, row, chain)) is { Length: > 0 } positions)
            {
                _found[places[i]] = [.. positions];
                _missing--;
            }
        }
    }

    // In ascending order. A unit that says it covers an address and then knows nothing of it leaves it to the next.
    private int[] Covered(DwarfUnit unit)
    {
        _covered.Clear();
        unit.Extent.Find(_addresses, unit, _covered, _budget);
        return [.. _covered.Where(place => _found[place].IsEmpty).Distinct().Order()];
    }

    // The innermost position is the row's; each inlined function says where it was called, which is a position in the one around it.
    private SourcePosition[] PositionsOf(DwarfUnit unit, DwarfLineProgram? lines, DwarfRow? found, IReadOnlyList<DwarfFunction> functions)
    {
        var (file, line, column) = found is { } row && lines is not null
            ? (lines.Files.PathOf(row.File, _budget), row.LineNumber, row.ColumnNumber)
            : (unit.Name(_budget), null, null);
        if (functions.Count == 0)
        {
            return line is null ? [] : [new SourcePosition(file, line, column, null)];
        }

        _budget.Step(functions.Count * StepsOfPosition);
        var positions = new SourcePosition[functions.Count];
        for (var i = functions.Count - 1; i >= 0; i--)
        {
            positions[^(i + 1)] = new SourcePosition(file, line, column, functions[i].Name);
            (file, line, column) = (lines?.Files.PathOf(functions[i].CallFile, _budget), functions[i].CallLine, functions[i].CallColumn);
        }

        return positions;
    }

    // Null when it is broken. What takes too long ends everything.
    private T? Unbroken<T>(Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (DwarfException) when (!_budget.IsSpent)
        {
            _budget.StepOverBroken();
            return null;
        }
    }
}
