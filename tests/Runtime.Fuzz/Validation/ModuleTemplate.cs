namespace HostService.Runtime.Fuzz.Validation;

/// <summary>A module with something of every kind for instructions to name, and room for the body of one function.</summary>
internal static class ModuleTemplate
{
    /// <summary>How many types the module defines.</summary>
    public const int TypeCount = 13;

    /// <summary>How many functions it has, the imported one included.</summary>
    public const int FunctionCount = 2;

    /// <summary>How many tables it has.</summary>
    public const int TableCount = 3;

    /// <summary>How many memories it has.</summary>
    public const int MemoryCount = 2;

    /// <summary>How many tags it has.</summary>
    public const int TagCount = 2;

    /// <summary>How many globals it has.</summary>
    public const int GlobalCount = 4;

    /// <summary>How many element segments it has.</summary>
    public const int ElementSegmentCount = 3;

    /// <summary>How many data segments it has.</summary>
    public const int DataSegmentCount = 2;

    /// <summary>How many locals its function has, the parameter included.</summary>
    public const int LocalCount = 9;

    private const byte I32 = 0x7F, I64 = 0x7E, F32 = 0x7D, F64 = 0x7C, V128 = 0x7B, I8 = 0x78;
    private const byte Func = 0x70, Extern = 0x6F, Any = 0x6E, Exn = 0x69, RefNull = 0x63, Ref = 0x64;
    private const byte FuncType = 0x60, Struct = 0x5F, Array = 0x5E, Sub = 0x50;
    private const byte Const = 0, Mutable = 1;

    private static readonly byte[] s_beforeCode =
    [
        0, 0x61, 0x73, 0x6D, 1, 0, 0, 0,
        .. Section(1, [
            [FuncType, 0, 0],
            [FuncType, 1, I32, 1, I32],
            [FuncType, 1, Any, 1, Any],
            [Sub, 0, Struct, 1, I32, Mutable],
            [Sub, 1, 3, Struct, 2, I32, Mutable, I8, Const],
            [Array, I32, Mutable],
            [Array, I8, Const],
            [Array, RefNull, 3, Mutable],
            [FuncType, 2, I64, F32, 1, F64],
            [FuncType, 0, 2, Ref, 3, I32],
            [Struct, 3, Func, Mutable, Extern, Const, V128, Mutable],
            [FuncType, 1, Exn, 0],
            [FuncType, 1, I32, 0]]),
        .. Section(2, [[1, (byte)'m', 1, (byte)'f', 0, 1]]),
        .. Section(3, [[2]]),
        .. Section(4, [[Func, 0, 1], [RefNull, 3, 5, 1, 9], [Extern, 0, 1]]),
        .. Section(5, [[0, 1], [4, 1]]),
        .. Section(13, [[0, 0], [0, 12]]),
        .. Section(6, [
            [I32, Const, 0x41, 0, 0x0B],
            [I64, Mutable, 0x42, 0, 0x0B],
            [Func, Mutable, 0xD0, Func, 0x0B],
            [Any, Mutable, 0xD0, Any, 0x0B]]),
        .. Section(9, [[3, 0, 1, 0], [5, RefNull, 3, 1, 0xD0, 3, 0x0B], [1, 0, 1, 0]]),
        12, 1, 2,
    ];

    private static readonly byte[] s_afterCode = Section(11, [[1, 1, 7], [1, 2, 8, 9]]);

    /// <summary>The locals of the function, after its one parameter: the numbers, a vector, an external reference, and two references to a structure.</summary>
    public static ReadOnlySpan<byte> Locals => [8, 1, I32, 1, I64, 1, F32, 1, F64, 1, V128, 1, Extern, 1, RefNull, 3, 1, Ref, 3];

    /// <summary>The module with this body for its one function, which is of type <c>[anyref] → [anyref]</c>.</summary>
    public static byte[] With(List<byte> body) => [.. s_beforeCode, .. Section(10, [[.. Leb(body.Count), .. body]]), .. s_afterCode];

    private static byte[] Section(byte id, byte[][] items)
    {
        byte[] contents = [.. Leb(items.Length), .. items.SelectMany(item => item)];
        return [id, .. Leb(contents.Length), .. contents];
    }

    private static byte[] Leb(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Leb(value >> 7)];
}
