namespace HostService.Runtime.Types;

/// <summary>How a field of a structure or an element of an array is kept.</summary>
internal enum ElementKind : byte
{
    /// <summary>Packed into 8 bits.</summary>
    I8,

    /// <summary>Packed into 16 bits.</summary>
    I16,

    /// <summary>A 32-bit integer.</summary>
    I32,

    /// <summary>A 64-bit integer.</summary>
    I64,

    /// <summary>A 32-bit float.</summary>
    F32,

    /// <summary>A 64-bit float.</summary>
    F64,

    /// <summary>A vector.</summary>
    V128,

    /// <summary>A reference.</summary>
    Ref,
}

/// <summary>What follows from an <see cref="ElementKind"/>.</summary>
internal static class ElementKinds
{
    /// <summary>How a storage type is kept.</summary>
    public static ElementKind Of(StorageType storage) => storage.PackedBytes switch
    {
        1 => ElementKind.I8,
        2 => ElementKind.I16,
        _ => storage.Unpacked.Kind switch
        {
            ValueKind.I32 => ElementKind.I32,
            ValueKind.I64 => ElementKind.I64,
            ValueKind.F32 => ElementKind.F32,
            ValueKind.F64 => ElementKind.F64,
            ValueKind.V128 => ElementKind.V128,
            _ => ElementKind.Ref,
        },
    };

    /// <summary>How many bytes it takes.</summary>
    public static int Bytes(ElementKind kind) => kind switch
    {
        ElementKind.I8 => 1,
        ElementKind.I16 => 2,
        ElementKind.I32 or ElementKind.F32 => 4,
        ElementKind.V128 => 16,
        _ => 8,
    };
}
