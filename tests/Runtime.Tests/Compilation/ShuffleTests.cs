using System.Runtime.Intrinsics;
using HostService.Runtime.Compilation.Functions;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Shuffles take the lanes that they name, whichever machine instruction they are made of.</summary>
public class ShuffleTests
{
    private static readonly byte[] s_left = [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 7))];
    private static readonly byte[] s_right = [.. Enumerable.Range(0, 16).Select(i => (byte)(200 - (i * 5)))];

    /// <summary>The lanes of every form, with the vectors in both orders, and of none.</summary>
    private static List<(ShuffleKind Kind, byte[] Lanes)> Shuffles { get; } = [.. Forms().SelectMany(form => new[] { form, (form.Kind, Exchanged(form.Lanes)) }), .. Others()];

    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    public void Shuffle_OfAnyForm_TakesTheLanesThatItNames(CompilationStrategy code)
    {
        var functions = Shuffles.Index().Select(
            shuffle => $"(func (export \"{shuffle.Index}\") (param v128 v128) (result v128) (i8x16.shuffle {string.Join(' ', shuffle.Item.Lanes)} (local.get 0) (local.get 1)))");
        using var guest = new Guest(Wasmtime.Module.ConvertText($"(module {string.Concat(functions)})"), new EngineOptions { Compilation = code });
        byte[] both = [.. s_left, .. s_right];
        Assert.All(Shuffles.Index(), shuffle =>
        {
            var result = guest.Call($"{shuffle.Index}", Value.FromV128(Vector128.Create(s_left)), Value.FromV128(Vector128.Create(s_right)))[0].V128;

            Assert.Equal(shuffle.Item.Lanes.Select(lane => both[lane]), Enumerable.Range(0, 16).Select(i => result[i]));
        });
    }

    [Fact]
    public void LanesOfAForm_AreKnown() =>
        Assert.All(Shuffles.Where(shuffle => shuffle.Lanes.Any(lane => lane < 16) && shuffle.Lanes.Any(lane => lane >= 16)), shuffle => Assert.Equal(shuffle.Kind, ShuffleForm.Of(shuffle.Lanes).Kind));

    private static byte[] Exchanged(byte[] lanes) => [.. lanes.Select(lane => (byte)(lane ^ 16))];

    private static IEnumerable<(ShuffleKind Kind, byte[] Lanes)> Forms()
    {
        foreach (var width in new[] { 1, 2, 4, 8 })
        {
            yield return (ShuffleKind.InterleaveLow, Interleaved(width, 0));
            yield return (ShuffleKind.InterleaveHigh, Interleaved(width, 8));
        }

        for (var first = 1; first < 16; first++)
        {
            yield return (ShuffleKind.Align, [.. Enumerable.Range(first, 16).Select(lane => (byte)lane)]);
        }

        // One word of each vector behind the other's would be an interleaving, and 2 3 4 5 an alignment.
        foreach (var words in new byte[][] { [0, 2, 4, 6], [1, 1, 7, 4], [3, 2, 5, 5], [0, 0, 4, 4] })
        {
            yield return (ShuffleKind.Pairs, [.. words.SelectMany(word => Enumerable.Range(word * 4, 4).Select(lane => (byte)lane))]);
        }

        foreach (var rights in new[] { 0b0000_0001, 0b1010_1010, 0b1110_0001, 0b1100_1100 })
        {
            yield return (ShuffleKind.BlendWords, [.. Enumerable.Range(0, 16).Select(i => (byte)(i + ((rights >> (i / 2) & 1) * 16)))]);
        }

        foreach (var rights in new[] { 0b1, 0b1010_1010_1010_1010, 0b0111_1111_1111_1111, 0b1100_0011_0001_1100 })
        {
            yield return (ShuffleKind.BlendBytes, [.. Enumerable.Range(0, 16).Select(i => (byte)(i + ((rights >> i & 1) * 16)))]);
        }
    }

    // Of one vector, and of both in no order; each form with one lane changed.
    private static IEnumerable<(ShuffleKind Kind, byte[] Lanes)> Others()
    {
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var from = i % 3 * 8;
            yield return (ShuffleKind.Masks, [.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(from, from + 16))]);
        }

        foreach (var (_, lanes) in Forms().Where(form => form.Kind is not (ShuffleKind.BlendWords or ShuffleKind.BlendBytes)))
        {
            byte[] changed = [.. lanes];
            changed[9] = (byte)((changed[9] + 3) % 32);
            yield return (ShuffleKind.Masks, changed);
        }
    }

    private static byte[] Interleaved(int width, int from) =>
        [.. Enumerable.Range(0, 16).Select(i => (byte)(from + (i / width / 2 * width) + (i % width) + (i / width % 2 * 16)))];
}
