namespace HostService.Runtime.Execution.Profiling;

/// <summary>The texts of a profile, each listed once.</summary>
internal sealed class ProfileStrings
{
    private readonly Dictionary<string, int> _places = [];
    private readonly List<string> _all = [];

    public ProfileStrings()
    {
    }

    /// <summary>Begins with those of another table, at the same places.</summary>
    public ProfileStrings(ProfileStrings others) => (_places, _all) = (new(others._places), [.. others._all]);

    public IReadOnlyList<string> All => _all;

    /// <summary>The place of a text, which is added if it is new.</summary>
    public int PlaceOf(string text)
    {
        if (!_places.TryGetValue(text, out var place))
        {
            place = _all.Count;
            _all.Add(text);
            _places.Add(text, place);
        }

        return place;
    }
}
