namespace HostService.Runtime.Fuzz.Generation;

/// <content>Shuffles: any lanes, and those that compilers have an instruction for.</content>
internal sealed partial class BodyGen
{
    private void Shuffle(int depth)
    {
        Expression(ValType.V128, depth + 1);
        Expression(ValType.V128, depth + 1);
        _code.Byte(0xFD).U32(13);
        var width = 1 << _choices.Below(4);
        Func<int, int> lane = _choices.Below(6) switch
        {
            0 => Interleaved(width, from: 8 * _choices.Below(2)),
            1 => Shifted(_choices.Below(32)),
            2 => Words(_choices.Below(8), _choices.Below(8), _choices.Below(8), _choices.Below(8)),
            3 => InPlace(width, _choices.Below(1 << 16)),
            _ => _ => _choices.Below(32),
        };
        var swap = 16 * _choices.Below(2);
        var slip = _choices.Chance(10) ? _choices.Below(16) : -1;
        for (var i = 0; i < 16; i++)
        {
            _code.Byte((byte)((lane(i) ^ swap ^ (i == slip ? 1 : 0)) & 31));
        }
    }

    private static Func<int, int> Interleaved(int width, int from) => i => from + (i / width / 2 * width) + (i % width) + (i / width % 2 * 16);

    private static Func<int, int> Shifted(int by) => i => by + i;

    private static Func<int, int> Words(params int[] words) => i => (words[i / 4] * 4) + (i % 4);

    private static Func<int, int> InPlace(int width, int rights) => i => i + ((rights >> (i / width) & 1) * 16);
}
