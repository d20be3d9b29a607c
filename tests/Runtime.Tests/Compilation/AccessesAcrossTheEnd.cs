using HostService.Runtime.Tests.Validation;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>A function for each width, offset and consumer of a load, and for each store.</summary>
/// <remarks>A consumer that uses fewer bytes than the load reads, or none, is one for which an optimiser may read fewer.</remarks>
internal static class AccessesAcrossTheEnd
{
    private const byte I32 = 0x7F, I64 = 0x7E, F32 = 0x7D, F64 = 0x7C;

    private static readonly (string Name, byte Opcode, byte Type, int Bytes)[] s_loads =
    [
        ("i32.load", 0x28, I32, 4), ("i64.load", 0x29, I64, 8), ("f32.load", 0x2A, F32, 4), ("f64.load", 0x2B, F64, 8),
        ("i32.load8_s", 0x2C, I32, 1), ("i32.load8_u", 0x2D, I32, 1), ("i32.load16_s", 0x2E, I32, 2), ("i32.load16_u", 0x2F, I32, 2),
        ("i64.load8_s", 0x30, I64, 1), ("i64.load8_u", 0x31, I64, 1), ("i64.load16_s", 0x32, I64, 2), ("i64.load16_u", 0x33, I64, 2),
        ("i64.load32_s", 0x34, I64, 4), ("i64.load32_u", 0x35, I64, 4),
    ];

    private static readonly (string Name, byte Opcode, byte[] Value, int Bytes)[] s_stores =
    [
        ("i32.store", 0x36, [0x41, 0x7F], 4), ("i64.store", 0x37, [0x42, 0x7F], 8),
        ("f32.store", 0x38, [0x43, 0xFF, 0xFF, 0xFF, 0x3F], 4), ("f64.store", 0x39, [0x44, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F], 8),
        ("i32.store8", 0x3A, [0x41, 0x7F], 1), ("i32.store16", 0x3B, [0x41, 0x7F], 2),
        ("i64.store8", 0x3C, [0x42, 0x7F], 1), ("i64.store16", 0x3D, [0x42, 0x7F], 2), ("i64.store32", 0x3E, [0x42, 0x7F], 4),
    ];

    // Each turns the value into an i64. Local 1 is of the value's type.
    private static readonly (string Name, byte Type, byte[] Code)[] s_consumers =
    [
        ("extend_i32_u", I32, [0xAD]), ("and 255", I32, [0x41, 0xFF, 0x01, 0x71, 0xAD]), ("extend8_s", I32, [0xC0, 0xAC]), ("extend16_s", I32, [0xC1, 0xAC]),
        ("drop", I32, [0x1A, 0x42, 0]), ("dead local", I32, [0x21, 1, 0x42, 0]), ("local and 255", I32, [0x21, 1, 0x20, 1, 0x41, 0xFF, 0x01, 0x71, 0xAD]),
        ("and 1, eqz", I32, [0x41, 1, 0x71, 0x45, 0xAD]), ("shl 24", I32, [0x41, 24, 0x74, 0xAD]), ("mul 0", I32, [0x41, 0, 0x6C, 0xAD]),
        ("nothing", I64, []), ("wrap_i64", I64, [0xA7, 0xAD]), ("and 65535", I64, [0x42, 0xFF, 0xFF, 0x03, 0x83]), ("extend8_s", I64, [0xC2]),
        ("extend16_s", I64, [0xC3]), ("extend32_s", I64, [0xC4]), ("drop", I64, [0x1A, 0x42, 0]), ("dead local", I64, [0x21, 1, 0x42, 0]),
        ("local wrap_i64", I64, [0x21, 1, 0x20, 1, 0xA7, 0xAD]), ("shl 56", I64, [0x42, 56, 0x86]), ("mul 0", I64, [0x42, 0, 0x7E]),
        ("reinterpret", F32, [0xBC, 0xAD]), ("promote", F32, [0xBB, 0xBD]), ("drop", F32, [0x1A, 0x42, 0]), ("dead local", F32, [0x21, 1, 0x42, 0]),
        ("reinterpret, and 255", F32, [0xBC, 0x41, 0xFF, 0x01, 0x71, 0xAD]), ("reinterpret, extend8_s", F32, [0xBC, 0xC0, 0xAC]),
        ("local reinterpret, extend16_s", F32, [0x21, 1, 0x20, 1, 0xBC, 0xC1, 0xAC]), ("reinterpret, wrap_i64", F64, [0xBD, 0xA7, 0xAD]),
        ("reinterpret", F64, [0xBD]), ("demote", F64, [0xB6, 0xBC, 0xAD]), ("drop", F64, [0x1A, 0x42, 0]), ("dead local", F64, [0x21, 1, 0x42, 0]),
    ];

    /// <summary>What each function does; it takes the address.</summary>
    public static IReadOnlyList<Access> All { get; } = [.. Loads().Concat(Stores())];

    /// <summary>A module of one page of memory, exported as <c>memory</c>, and functions <c>(param i32) (result i64)</c>, exported under their numbers.</summary>
    public static byte[] Module(IEnumerable<byte[]> bodies)
    {
        byte[][] functions = [.. bodies];
        return Modules.Of(
            Modules.Section(1, 1, 0x60, 1, I32, 1, I64),
            Modules.Section(3, Modules.Vector([.. functions.Select(_ => new byte[] { 0 })])),
            Modules.Section(5, 1, 0, 1),
            Modules.Section(7, Modules.Vector([[.. Name("memory"), 2, 0], .. functions.Select((_, index) => (byte[])[.. Name($"{index}"), 0, .. Modules.Leb(index)])])),
            Modules.Code(functions));
    }

    private static IEnumerable<Access> Loads() =>
        from load in s_loads
        from consumer in s_consumers
        where consumer.Type == load.Type
        from offset in (int[])[0, 5, 70_000]
        from isNearAnother in (bool[])[false, true]
        select new Access(
            $"{load.Name} offset={offset}, {consumer.Name}{(isNearAnother ? ", after a load of the same address" : "")}",
            load.Bytes,
            offset,
            isStore: false,
            [
                2, 1, load.Type, 1, I32,
                .. isNearAnother ? (byte[])[0x20, 0, 0x2D, 0, .. Modules.Leb(offset), 0x21, 2] : [],
                0x20, 0, load.Opcode, 0, .. Modules.Leb(offset), .. consumer.Code,
                0x20, 2, 0xAD, 0x7C, 0x0B,
            ]);

    private static IEnumerable<Access> Stores() =>
        from store in s_stores
        from offset in (int[])[0, 5, 70_000]
        select new Access(
            $"{store.Name} offset={offset}", store.Bytes, offset, isStore: true, [0, 0x20, 0, .. store.Value, store.Opcode, 0, .. Modules.Leb(offset), 0x42, 0, 0x0B]);

    private static byte[] Name(string name) => Modules.Bytes(System.Text.Encoding.UTF8.GetBytes(name));

    internal sealed class Access(string text, int bytes, int offset, bool isStore, byte[] body)
    {
        public int Bytes => bytes;

        public int Offset => offset;

        public bool IsStore => isStore;

        public byte[] Body => body;

        public override string ToString() => text;
    }
}
