using System.Text;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>A module, and perhaps another that imports from it, which is in a custom section of the first: so that whatever is found is one file.</summary>
internal sealed record ModulePair(byte[] First, byte[]? Second)
{
    private const int Header = 8;

    private static readonly byte[] s_name = Encoding.ASCII.GetBytes(LinkShape.Second);

    /// <summary>Puts a module into a custom section of another.</summary>
    public static byte[] Join(byte[] first, byte[] second) => new WasmWriter().Bytes(first).Section(0, new WasmWriter().Name(LinkShape.Second).Bytes(second)).ToArray();

    /// <summary>Looks for the second module.</summary>
    public static ModulePair Read(byte[] binary)
    {
        for (var reader = new WasmReader(binary, Header, binary.Length); !reader.AtEnd;)
        {
            var (id, length) = (reader.ReadByte(), (int)reader.ReadU32());
            var content = binary.AsSpan(reader.Position, length);
            if (id == 0 && content[0] == s_name.Length && content[1..].StartsWith(s_name))
            {
                return new ModulePair(binary, content[(1 + s_name.Length)..].ToArray());
            }

            reader = new WasmReader(binary, reader.Position + length, binary.Length);
        }

        return new ModulePair(binary, null);
    }
}
