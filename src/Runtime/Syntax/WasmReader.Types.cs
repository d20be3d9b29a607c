namespace HostService.Runtime.Syntax;

/// <content>Value, reference and heap types.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/types.html">Spec: types</see></remarks>
internal ref partial struct WasmReader
{
    /// <summary>The byte before a heap type that makes a nullable reference type.</summary>
    public const byte RefNullCode = 0x63;

    /// <summary>The byte before a heap type that makes a reference type without null.</summary>
    public const byte RefCode = 0x64;

    /// <summary>Reads a value type.</summary>
    /// <param name="malformed">What is said of bytes that are none.</param>
    public ValueType ReadValueType(string malformed = "malformed value type")
    {
        var start = Position;
        var code = ReadByte();
        switch (code)
        {
            case 0x7F: return ValueType.I32;
            case 0x7E: return ValueType.I64;
            case 0x7D: return ValueType.F32;
            case 0x7C: return ValueType.F64;
            case 0x7B: return ValueType.V128;
            default: return ReadRefType(code, start, malformed);
        }
    }

    /// <summary>Reads a reference type.</summary>
    public ValueType ReadRefType()
    {
        var start = Position;
        return ReadRefType(ReadByte(), start, "malformed reference type");
    }

    private ValueType ReadRefType(byte code, int start, string malformed)
    {
        if (code is RefNullCode or RefCode)
        {
            return ReadHeapType(nullable: code == RefNullCode);
        }

        if (AbstractHeapKind(code) is not { } kind)
        {
            throw new MalformedModuleException(malformed, start);
        }

        return ValueType.Ref(new HeapType(kind), nullable: true);
    }

    /// <summary>Reads a heap type and makes a reference type of it.</summary>
    public ValueType ReadHeapType(bool nullable)
    {
        var start = Position;
        var code = ReadS33();
        if (code >= 0)
        {
            return ValueType.Ref(new HeapType(HeapKind.Index, CheckTypeIndex(code, start)), nullable);
        }

        if (code < -64 || AbstractHeapKind((byte)(code & 0x7F)) is not { } kind)
        {
            throw new MalformedModuleException("malformed heap type", start);
        }

        return ValueType.Ref(new HeapType(kind), nullable);
    }

    /// <summary>Reads a block type.</summary>
    /// <remarks>A type index is a positive number of 33 bits, so the negative codes of one byte are free for the empty type and the value types.</remarks>
    public BlockType ReadBlockType()
    {
        var start = Position;
        var first = ReadByte();
        if (first == 0x40)
        {
            return BlockType.Empty;
        }

        Position = start;
        if ((first & 0xC0) == 0x40)
        {
            return new BlockType(ReadValueType(), -1);
        }

        var index = ReadS33();
        if (index < 0)
        {
            ThrowMalformed("malformed block type", start);
        }

        return new BlockType(default, CheckTypeIndex(index, start));
    }

    // No type section is as long as the largest id that a value type can carry, so a larger index names no type.
    private static int CheckTypeIndex(long index, int offset) =>
        index <= HeapType.MaxId ? (int)index : throw new InvalidModuleException($"unknown type {index}", offset);

    private static HeapKind? AbstractHeapKind(byte code) => code switch
    {
        0x74 => HeapKind.NoExn,
        0x73 => HeapKind.NoFunc,
        0x72 => HeapKind.NoExtern,
        0x71 => HeapKind.None,
        0x70 => HeapKind.Func,
        0x6F => HeapKind.Extern,
        0x6E => HeapKind.Any,
        0x6D => HeapKind.Eq,
        0x6C => HeapKind.I31,
        0x6B => HeapKind.Struct,
        0x6A => HeapKind.Array,
        0x69 => HeapKind.Exn,
        _ => null,
    };
}
