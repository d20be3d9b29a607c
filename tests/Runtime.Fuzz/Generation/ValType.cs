namespace HostService.Runtime.Fuzz.Generation;

/// <summary>The value types that generated modules use, by their byte in the binary format. From <see cref="ValTypes.FirstHeapType"/> on: a nullable reference to one of the module's types.</summary>
internal enum ValType : ushort
{
    I32 = 0x7F,
    I64 = 0x7E,
    F32 = 0x7D,
    F64 = 0x7C,
    V128 = 0x7B,
    ExnRef = 0x69,
    FuncRef = 0x70,
    ExternRef = 0x6F,
    AnyRef = 0x6E,
    EqRef = 0x6D,
    I31Ref = 0x6C,
}

/// <summary>What there is to say of value types.</summary>
internal static class ValTypes
{
    public const int FirstHeapType = 0x100;

    /// <summary><c>(ref null type)</c>.</summary>
    public static ValType ReferenceTo(int type) => (ValType)(FirstHeapType + type);

    /// <summary>The type that it refers to, when it is one of the module's.</summary>
    public static int? TypeIndex(this ValType type) => (int)type >= FirstHeapType ? (int)type - FirstHeapType : null;

    public static bool IsReference(this ValType type) => type is < ValType.V128 or > ValType.I32;

    /// <summary>Whether it refers to something that the garbage collector looks after, or to something of the host.</summary>
    public static bool IsHeap(this ValType type) => type.IsReference() && type is not (ValType.FuncRef or ValType.ExnRef);

    /// <summary>Writes the type.</summary>
    public static WasmWriter Type(this WasmWriter writer, ValType type) =>
        type.TypeIndex() is { } index ? writer.Byte(0x63).Signed(index) : writer.Byte((byte)type);

    /// <summary>Writes what a reference refers to.</summary>
    public static WasmWriter Heap(this WasmWriter writer, ValType type) => type.TypeIndex() is { } index ? writer.Signed(index) : writer.Byte((byte)type);
}
