using System.Runtime.InteropServices;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>A slot on the native heap, for systems where address space is not reserved: full capacity from the start, reset by clearing and copying.</summary>
internal sealed unsafe class PortableMemorySlot : MemorySlot
{
    private ulong _usedBytes;       // beyond this the block is zero, as it was allocated

    public PortableMemorySlot(MemoryPool pool, ulong capacityBytes, bool isPooled)
        : base(pool, capacityBytes + (ulong)Environment.SystemPageSize, isPooled) => Allocate();

    public override void Prepare(MemoryImage? image, ulong lengthBytes)
    {
        if (Base == null)
            Allocate();     // it was trimmed
        if (ReferenceEquals(image, Image))
            return;
        if (Image is { } previous)
            NativeMemory.Clear(Base + previous.StartBytes, checked((nuint)previous.MappedBytes));
        DropImage();
        if (image is not null)
        {
            image.Acquire();
            Image = image;
            CopyImage();
        }
    }

    public override bool TryExtend(ulong lengthBytes)
    {
        _usedBytes = Math.Max(_usedBytes, lengthBytes);
        return true;
    }

    public override void Reset(ulong lengthBytes, long keepBytes)
    {
        _usedBytes = Math.Max(_usedBytes, lengthBytes);
        if (_usedBytes > (ulong)keepBytes)
        {
            // The heap's fresh zero pages are cheaper than clearing these, and the system gets these back.
            Counters.Discards++;
            NativeMemory.Free(Base);
            Base = null;
            Allocate();
        }
        else
        {
            NativeMemory.Clear(Base, (nuint)_usedBytes);
            Counters.RestoredBytes += (long)_usedBytes;
        }

        CopyImage();
    }

    public override void Clear()
    {
        Counters.Discards++;
        DropImage();
        NativeMemory.Free(Base);
        Base = null;
        _usedBytes = 0;
        ResidentBytes = 0;
    }

    protected override void ReleaseCore()
    {
        NativeMemory.Free(Base);
        Base = null;
    }

    private void Allocate()
    {
        try
        {
            Base = (byte*)NativeMemory.AllocZeroed(checked((nuint)CapacityBytes));
        }
        catch (OutOfMemoryException)
        {
            throw new ResourceLimitException($"The system has no {CapacityBytes} bytes for a memory.");
        }

        _usedBytes = 0;
    }

    private void CopyImage()
    {
        if (Image is { } image)
        {
            Buffer.MemoryCopy(image.Bytes, Base + image.StartBytes, CapacityBytes - image.StartBytes, image.MappedBytes);
            _usedBytes = Math.Max(_usedBytes, image.StartBytes + image.MappedBytes);
        }

        ResidentBytes = (long)_usedBytes;
    }
}
