using System.Globalization;
using System.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Pieces of text format, many times over.</summary>
internal static class Text
{
    public static string Repeat(int count, string piece) => new StringBuilder(count * (piece.Length + 1)).Insert(0, piece + " ", count).ToString();

    public static string Repeat(int count, Func<int, string> piece)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(piece(i)).Append(' ');
        }

        return text.ToString();
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
