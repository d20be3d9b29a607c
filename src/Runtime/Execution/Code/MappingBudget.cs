using System.Globalization;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Code;

/// <summary>Keeps code from taking the last memory mappings of the process, which the CLR, asking for one more in the middle of anything, does not survive. See docs/adr/0122. Thread-safe.</summary>
/// <remarks>
/// Linux gives a process 65,530 mappings (vm.max_map_count). A module's code takes eight of them, and one for each 50 KB; code that was let go keeps them until a full collection. Counting takes some 30 ms where there are many, so that it is done only
/// when as much code was loaded since the last time as could have taken what was left.
/// </remarks>
internal sealed class MappingBudget
{
    /// <summary>The most mappings that one image is taken to need at once.</summary>
    private const int MappingsPerImage = 32;

    private static readonly TimeSpan s_betweenCollections = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly int _limit;
    private readonly int _quarters;
    private readonly Func<int> _count;
    private readonly Action _collect;
    private readonly TimeProvider _time;
    private int _credit;            // images until it is counted again
    private long? _lastCollection;  // guarded by _lock

    /// <summary>A budget.</summary>
    /// <param name="limit">How many mappings the process may have; 0 for no limit.</param>
    /// <param name="quarters">How many quarters of them may be taken before this budget is used up.</param>
    /// <param name="count">Counts those that it has.</param>
    /// <param name="collect">Takes code away that nothing refers to.</param>
    /// <param name="time">The clock.</param>
    internal MappingBudget(int limit, int quarters, Func<int> count, Action collect, TimeProvider time) => (_limit, _quarters, _count, _collect, _time) = (limit, quarters, count, collect, time);

    /// <summary>The budget of this process for code. The rest is for what grows without being asked: machine code of what is loaded, memories, stacks, the CLR's own.</summary>
    public static MappingBudget OfCode { get; } = new(ReadLimit(), quarters: 3, CountMappings, Collect, TimeProvider.System);

    /// <summary>The budget of this process for the types of structures and arrays, of which one module may have a million: what they leave is for the code of other modules.</summary>
    public static MappingBudget OfHeapTypes { get; } = new(ReadLimit(), quarters: 2, CountMappings, Collect, TimeProvider.System);

    private int Most => (int)((long)_limit * _quarters / 4);

    /// <summary>Makes sure that an image can be loaded.</summary>
    /// <exception cref="ResourceLimitException">The process has too many mappings already.</exception>
    public void TakeOne()
    {
        if (_limit == 0 || Interlocked.Decrement(ref _credit) >= 0)
        {
            return;
        }

        lock (_lock)
        {
            if (Volatile.Read(ref _credit) >= 0)
            {
                return; // somebody else has counted meanwhile
            }

            var count = _count();
            if (count > Most && (_lastCollection is not { } last || _time.GetElapsedTime(last) >= s_betweenCollections))
            {
                _collect();
                _lastCollection = _time.GetTimestamp();
                count = _count();
            }

            if (count > Most)
            {
                var what = _quarters == 2 ? "types of structures and arrays take no more than half" : "code takes no more than three quarters";
                throw new ResourceLimitException(string.Create(
                    CultureInfo.InvariantCulture, $"The process has {count} of {_limit} memory mappings (vm.max_map_count), and {what}: dispose modules, or raise the system's limit."));
            }

            Volatile.Write(ref _credit, (Most - count) / MappingsPerImage);
        }
    }

    /// <summary>The refusal behind what the CLR threw, which wraps what kept a type's assembly from being loaded: null when there is none.</summary>
    /// <param name="thrown">What was thrown where a type was needed for the first time, or code that names it was compiled.</param>
    public static ResourceLimitException? RefusalBehind(Exception thrown) => (thrown as FileLoadException)?.InnerException as ResourceLimitException;

    private static void Collect()
    {
        // What finalizers let go of is collected the second time.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static int ReadLimit()
    {
        try
        {
            return OperatingSystem.IsLinux() && int.TryParse(File.ReadAllText("/proc/sys/vm/max_map_count"), CultureInfo.InvariantCulture, out var limit) ? limit : 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // A line each.
    private static int CountMappings()
    {
        try
        {
            using var maps = File.OpenHandle("/proc/self/maps");
            var buffer = new byte[64 << 10];
            var count = 0;
            for (long offset = 0; RandomAccess.Read(maps, buffer, offset) is > 0 and var read; offset += read)
            {
                count += buffer.AsSpan(0, read).Count((byte)'\n');
            }

            return count;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return 0;
        }
    }
}
