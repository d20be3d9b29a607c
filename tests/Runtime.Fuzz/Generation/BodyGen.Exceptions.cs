namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    private const byte ExnRef = 0x69;

    /// <summary>Statements whose exceptions are caught: of one tag, with its values; of any; or of any, with a reference to throw it again.</summary>
    private void Try(int depth)
    {
        switch (_choices.Below(4))
        {
            case 0:
                var tag = _choices.Below(_shape.Tags.Length);
                var values = _shape.Types[_shape.Tags[tag]].Parameters;

                // block (result values…) try_table (catch tag 0) … end values… end
                _code.Byte(0x02).Signed(_shape.Tags[tag] + 1);
                _labels.Add(new Label(values, IsLoop: false));
                TryTable(0x00, tag, depth);
                Expressions(values, depth);
                End();
                ConsumeAll(values);
                break;
            case 1:
                // block try_table (catch_all 0) … end end
                _code.Byte(0x02).Byte(Empty);
                _labels.Add(new Label([], IsLoop: false));
                TryTable(0x02, null, depth);
                End();
                break;
            case 2 when Enumerable.Range(0, _shape.Tags.Length).Where(known => _shape.Types[_shape.Tags[known]].Parameters.IsEmpty).ToList() is [var empty, ..]:
                // exception = block (result exnref) try_table (catch_ref tag 0) … end ref.null exn end
                _code.Byte(0x02).Byte(ExnRef);
                _labels.Add(new Label([ValType.ExnRef], IsLoop: false));
                TryTable(0x01, empty, depth);
                _code.Byte(0xD0).Byte(ExnRef);
                End();
                _code.Byte(0x21).U32((uint)_exception);
                break;
            default:
                // exception = block (result exnref) try_table (catch_all_ref 0) … end ref.null exn end; if (…) throw_ref exception
                _code.Byte(0x02).Byte(ExnRef);
                _labels.Add(new Label([ValType.ExnRef], IsLoop: false));
                TryTable(0x03, null, depth);
                _code.Byte(0xD0).Byte(ExnRef);
                End();
                _code.Byte(0x21).U32((uint)_exception);
                Expression(ValType.I32, depth + 1);
                _code.Byte(0x04).Byte(Empty).Byte(0x20).U32((uint)_exception).Byte(0x0A).Byte(0x0B);
                break;
        }
    }

    private void TryTable(byte kind, int? tag, int depth)
    {
        // Further clauses lead to any other label that takes what the tag carries.
        var more = (
            from other in Enumerable.Range(0, _shape.Tags.Length)
            from label in Enumerable.Range(0, _labels.Count)
            where !_labels[^(label + 1)].IsLoop && _labels[^(label + 1)].Types.SequenceEqual(_shape.Types[_shape.Tags[other]].Parameters)
            select (other, label)).ToList();
        var clauses = Enumerable.Range(0, more.Count == 0 ? 0 : _choices.Below(3)).Select(_ => _choices.Of(more)).ToList();
        _code.Byte(0x1F).Byte(Empty).U32((uint)clauses.Count + 1);
        foreach (var (other, label) in clauses)
        {
            _code.Byte(0x00).U32((uint)other).U32((uint)label);
        }

        _code.Byte(kind);
        if (tag is { } named)
        {
            _code.U32((uint)named);
        }

        _code.U32(0);
        _labels.Add(new Label([], IsLoop: false));
        Statements(depth + 1);
        if (_choices.Chance(40))
        {
            Leave(depth + 1);
        }

        End();
    }

    private void Throw(int depth)
    {
        var tag = _choices.Below(_shape.Tags.Length);
        Expressions(_shape.Types[_shape.Tags[tag]].Parameters, depth);
        _code.Byte(0x08).U32((uint)tag);
    }
}
