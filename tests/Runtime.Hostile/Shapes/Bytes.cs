namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Binaries, byte by byte, where the text format can't say it or would take too long.</summary>
internal static class Bytes
{
    private static readonly byte[] s_header = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    public static byte[] EmptyFuncType => Section(1, 1, 0x60, 0, 0);

    public static byte[] ExportRun(int function) => Section(7, [1, 3, .. "run"u8, 0, .. Leb(function)]);

    public static byte[] Module(params IEnumerable<byte[]> sections) => [.. s_header, .. sections.SelectMany(section => section)];

    public static byte[] Section(byte id, params byte[] contents) => [id, .. Leb(contents.Length), .. contents];

    public static byte[] Vector(params IReadOnlyCollection<byte[]> items) => [.. Leb(items.Count), .. items.SelectMany(item => item)];

    /// <summary>A module with one exported function <c>run</c> of no parameters: declarations of locals and instructions.</summary>
    public static byte[] OneFunction(params byte[] body) =>
        Module(EmptyFuncType, Section(3, 1, 0), ExportRun(0), Section(10, [1, .. Leb(body.Length), .. body]));

    public static byte[] Repeat(int count, params byte[] bytes)
    {
        var repeated = new byte[count * bytes.Length];
        for (var i = 0; i < count; i++)
        {
            bytes.CopyTo(repeated, i * bytes.Length);
        }

        return repeated;
    }

    public static byte[] Leb(int value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)(value > 0x7F ? value | 0x80 : value));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }
}
