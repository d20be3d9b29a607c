using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace HostService.Support;

/// <summary>Half of the memory mappings that the system gives this process (vm.max_map_count), taken until this is disposed.</summary>
public sealed class TakenMappings : IDisposable
{
    private readonly MemoryMappedFile _file = MemoryMappedFile.CreateNew(null, 1);
    private readonly List<MemoryMappedViewAccessor> _views = [];

    /// <summary>Takes them.</summary>
    public TakenMappings()
    {
        var limit = int.Parse(File.ReadAllText("/proc/sys/vm/max_map_count"), CultureInfo.InvariantCulture);
        while (_views.Count <= limit / 2)
        {
            _views.Add(_file.CreateViewAccessor());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _views.ForEach(view => view.Dispose());
        _file.Dispose();
    }
}
