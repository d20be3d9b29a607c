using System.Diagnostics.CodeAnalysis;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>The open descriptors of a guest, by number. A new one gets the lowest number that is free, as POSIX has it.</summary>
internal sealed class DescriptorTable(int limit)
{
    // Of most guests: the standard streams and one directory.
    private Descriptor?[] _descriptors = new Descriptor?[4];

    // No number below it is free.
    private int _lowestFree;

    /// <summary>The table of a guest that has ended. It never has any.</summary>
    public static DescriptorTable None { get; } = new(0);

    /// <summary>What a number stands for.</summary>
    public bool TryGet(uint number, [NotNullWhen(true)] out Descriptor? descriptor)
    {
        var descriptors = _descriptors;
        descriptor = number < (uint)descriptors.Length ? descriptors[number] : null;
        return descriptor is not null;
    }

    /// <summary>Gives a descriptor a number.</summary>
    public Errno Add(Descriptor descriptor, out uint number)
    {
        var free = _lowestFree;
        while (free < _descriptors.Length && _descriptors[free] is not null)
        {
            free++;
        }

        number = (uint)free;
        _lowestFree = free;
        if (free >= limit)
        {
            return Errno.MFile;
        }

        if (free == _descriptors.Length)
        {
            Array.Resize(ref _descriptors, free * 2);
        }

        _descriptors[free] = descriptor;
        _lowestFree = free + 1;
        return Errno.Success;
    }

    /// <summary>Gives a number up and closes what it stood for.</summary>
    public Errno Close(uint number)
    {
        if (!TryGet(number, out var descriptor))
        {
            return Errno.BadF;
        }

        _descriptors[number] = null;
        _lowestFree = Math.Min(_lowestFree, (int)number);
        descriptor.Close();
        return Errno.Success;
    }

    /// <summary>Closes all that are open. The table must not be used any more.</summary>
    public void CloseAll()
    {
        foreach (var descriptor in _descriptors)
        {
            descriptor?.Close();
        }
    }

    /// <summary>Moves a descriptor to a number that is in use, closing what was there.</summary>
    public Errno Renumber(uint from, uint to)
    {
        if (!TryGet(from, out var moved) || !TryGet(to, out var replaced))
        {
            return Errno.BadF;
        }

        if (from != to)
        {
            replaced.Close();
            _descriptors[to] = moved;
            _descriptors[from] = null;
            _lowestFree = Math.Min(_lowestFree, (int)from);
        }

        return Errno.Success;
    }
}
