using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>A function of a profile.</summary>
/// <param name="Name">Its name, among the strings.</param>
/// <param name="Library">Its module, among the libraries; −1 for a function of the host.</param>
/// <param name="Address">Where its body begins, as an offset from the start of the binary.</param>
/// <param name="Size">The length of its body in bytes.</param>
/// <param name="Source">Knows its module's source; null where nobody does.</param>
internal readonly record struct ProfiledFunction(int Name, int Library, int Address, int Size, ISourceMap? Source)
{
    public bool IsHost => Library < 0;
}

/// <summary>A place in a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Address">The instruction, as an offset from the start of the binary; −1 for a function of the host.</param>
internal readonly record struct ProfiledFrame(int Function, int Address);

/// <summary>The names of a profile: modules, functions and places in them, each listed once.</summary>
/// <remarks>It refers to no module, so that a profile outlives what it was taken of; but to the binaries of those that carry debugging information, which is read when the profile is written.</remarks>
internal sealed class ProfileSymbols
{
    private readonly Dictionary<string, int> _libraryPlaces = [];
    private readonly Dictionary<string, int> _hostFrames = [];
    private readonly Dictionary<ProfiledFrame, int> _framePlaces = [];
    private readonly List<int> _libraries = [];
    private readonly List<ProfiledFunction> _functions = [];
    private readonly List<ProfiledFrame> _frames = [];

    public ProfileStrings Strings { get; } = new();

    /// <summary>The modules' names, among the strings.</summary>
    public IReadOnlyList<int> Libraries => _libraries;

    public IReadOnlyList<ProfiledFunction> Functions => _functions;

    public IReadOnlyList<ProfiledFrame> Frames => _frames;

    /// <summary>Lists a function of a module; the caller asks once for each.</summary>
    public int GuestFunction(string module, string name, int address, int size, ISourceMap? source)
    {
        if (!_libraryPlaces.TryGetValue(module, out var library))
        {
            library = Add(_libraries, Strings.PlaceOf(module));
            _libraryPlaces.Add(module, library);
        }

        return Add(_functions, new ProfiledFunction(Strings.PlaceOf(name), library, address, size, source));
    }

    /// <summary>The place of an instruction.</summary>
    /// <param name="function">The function.</param>
    /// <param name="offset">The instruction's offset; below 0 where it is not known, for the function's beginning.</param>
    public int GuestFrame(int function, int offset)
    {
        var frame = new ProfiledFrame(function, offset < 0 ? _functions[function].Address : offset);
        if (!_framePlaces.TryGetValue(frame, out var place))
        {
            place = Add(_frames, frame);
            _framePlaces.Add(frame, place);
        }

        return place;
    }

    /// <summary>The one place in a function of the host.</summary>
    public int HostFrame(string name)
    {
        if (!_hostFrames.TryGetValue(name, out var place))
        {
            place = Add(_frames, new ProfiledFrame(Add(_functions, new ProfiledFunction(Strings.PlaceOf(name), -1, -1, 0, null)), -1));
            _hostFrames.Add(name, place);
        }

        return place;
    }

    private static int Add<T>(List<T> list, T item)
    {
        list.Add(item);
        return list.Count - 1;
    }
}
